package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.DialedBack;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.time.World;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls a newcomer back at the address it advertises, once, and says loudly on both sides when that
 * fails: behind containers, NAT or a wrong advertise_addr a node can call others but can't be
 * called, and would be taken for dead (reference/scalecube.md 7). Confined to the loop.
 * <b>Bounds:</b> 256 calls open; one a minute and address.
 */
final class DialBack {
  private static final int MOST_OPEN = 256;

  private record Open(Link caller, Hello peer) {}

  private final World world;
  private final Links links;
  private final Probes probes;
  private final PeerTable peers;
  private final Troubles troubles;
  private final Map<String, Open> open = new LinkedHashMap<>(); // by address advertised
  private final Map<String, String> reasons = new LinkedHashMap<>(); // by address, while open
  private final Seldom seldom = new Seldom();

  DialBack(World world, Links links, Probes probes, PeerTable peers, Troubles troubles) {
    this.world = world;
    this.links = links;
    this.probes = probes;
    this.peers = peers;
    this.troubles = troubles;
  }

  /** A handshake succeeded, whoever began it. */
  void opened(Link link, Hello peer) {
    if (link.outbound()) {
      Open call = open.remove(link.address);
      if (call != null && !call.peer.getMemberId().equals(peer.getMemberId())) {
        report(call, "there answers " + Handshake.id(peer).name() + " instead");
      }
      return;
    }
    String address = peer.getAddress();
    if (peers.knows(peer.getMemberId())
        || open.size() >= MOST_OPEN
        || !seldom.say(address, world.nanoTime())) {
      return;
    }
    open.put(address, new Open(link, peer));
    probes.knock(
        address,
        () -> {
          Open call = open.remove(address);
          String why = reasons.remove(address);
          if (call != null) {
            report(call, why == null ? "unreachable" : why);
          }
        });
  }

  /** Why a call failed, in words; comes before the loss is handled. */
  void failed(String address, String why) {
    if (open.containsKey(address)) {
      reasons.put(address, why);
    }
  }

  /** A peer says that it couldn't call us back. */
  void told(Hello peer, DialedBack failure) {
    String why = failure.getWhy();
    troubles.note(
        "dial-back " + peer.getAddress(),
        "peer "
            + Handshake.id(peer).name()
            + " at "
            + peer.getAddress()
            + " can't reach us at the address we advertise ("
            + (SwimCheck.text(why) ? why : "?")
            + "): set memberlist.advertise_addr to one that others reach, and open its port");
  }

  private void report(Open call, String why) {
    String address = call.peer.getAddress();
    troubles.note(
        "dial-back " + address,
        "peer "
            + Handshake.id(call.peer).name()
            + " called from "
            + call.caller.address
            + " but can't be reached at the address it advertises, "
            + address
            + " ("
            + why
            + "): set memberlist.advertise_addr there");
    if (call.caller.state == Link.State.OPEN) {
      DialedBack told = DialedBack.newBuilder().setAddress(address).setWhy(why).build();
      links.reply(call.caller, Frame.newBuilder().setDialedBack(told).build());
    }
  }
}
