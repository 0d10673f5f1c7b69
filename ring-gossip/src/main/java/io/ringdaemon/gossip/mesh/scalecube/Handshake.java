package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.proto.Refusal;
import java.util.Optional;

/**
 * The first frame each way: who I am, what I speak. A node of another cluster or of a wire version
 * not understood is told so in words. Source: reference/scalecube.md 2.6, 4.5. Pure.
 */
final class Handshake {
  private static final int WIRE_VERSION = 1;
  private static final int OLDEST_WIRE_VERSION = 1;
  private static final int LONGEST = 255;

  private Handshake() {}

  static Hello hello(MeshConfig config, String memberId, Address advertised) {
    return Hello.newBuilder()
        .setWireVersion(WIRE_VERSION)
        .setOldestWireVersion(OLDEST_WIRE_VERSION)
        .setClusterLabel(config.clusterLabel())
        .setName(config.nodeName())
        .setLife(config.life())
        .setMemberId(memberId)
        .setAddress(advertised.toString())
        .setZone(config.zone())
        .setHttpAddress(config.httpAddress())
        .setRelease(config.release())
        .build();
  }

  /** Whether we speak with somebody of this label; {@code anyLabel}: while one is being changed. */
  static boolean fits(Hello ours, Hello theirs, boolean anyLabel) {
    return anyLabel || theirs.getClusterLabel().equals(ours.getClusterLabel());
  }

  /** Why {@code theirs} can't speak with us, or nothing. */
  static Optional<Refusal> refusal(Hello ours, Hello theirs, boolean anyLabel) {
    if (theirs.getWireVersion() < OLDEST_WIRE_VERSION
        || theirs.getOldestWireVersion() > WIRE_VERSION) {
      return refuse(
          Refusal.Reason.WIRE_VERSION,
          ours,
          "speaks wire versions "
              + OLDEST_WIRE_VERSION
              + " to "
              + WIRE_VERSION
              + ", you speak "
              + theirs.getOldestWireVersion()
              + " to "
              + theirs.getWireVersion());
    }
    if (!fits(ours, theirs, anyLabel)) {
      return refuse(
          Refusal.Reason.CLUSTER_LABEL,
          ours,
          "belongs to cluster " + quoted(ours) + ", you to " + quoted(theirs));
    }
    if (!SwimCheck.text(theirs.getName())
        || theirs.getLife() < 0
        || !SwimCheck.text(theirs.getMemberId())
        || Address.canonical(theirs.getAddress()).isEmpty()
        || !optional(theirs.getZone())
        || !optional(theirs.getHttpAddress())
        || !optional(theirs.getRelease())) {
      return refuse(Refusal.Reason.MALFORMED, ours, "can't read your introduction");
    }
    return Optional.empty();
  }

  static Refusal busy(Hello ours) {
    return refuse(Refusal.Reason.BUSY, ours, "has too many connections").orElseThrow();
  }

  static PeerId id(Hello hello) {
    return new PeerId(hello.getName(), hello.getLife());
  }

  /** To somebody who seals: it sees that we don't. */
  static Frame notSealed() {
    return Frame.newBuilder()
        .setRefusal(
            Refusal.newBuilder()
                .setReason(Refusal.Reason.SECURITY)
                .setText("speaks gossip without encryption"))
        .build();
  }

  /** Not said, but found: what is wrong with a connection. */
  static Refusal found(Fault fault) {
    return Refusal.newBuilder().setReason(Refusal.Reason.SECURITY).setText(fault.words()).build();
  }

  /** The text of a refusal, cut and without control characters: it came from the network. */
  static String text(Refusal refusal) {
    String text = refusal.getText();
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    return SwimCheck.printable(cut) && !cut.isEmpty() ? cut : refusal.getReason().toString();
  }

  /** The label of the metric. */
  static String reason(Refusal refusal) {
    return switch (refusal.getReason()) {
      case CLUSTER_LABEL -> "label";
      case SECURITY -> "plaintext";
      default -> "handshake_refused";
    };
  }

  private static Optional<Refusal> refuse(Refusal.Reason reason, Hello ours, String why) {
    return Optional.of(
        Refusal.newBuilder()
            .setReason(reason)
            .setText(ours.getName() + " at " + ours.getAddress() + " " + why)
            .build());
  }

  private static String quoted(Hello hello) {
    String label = hello.getClusterLabel();
    String cut = label.length() > LONGEST ? label.substring(0, LONGEST) : label;
    return "\"" + (SwimCheck.printable(cut) ? cut : "?") + "\"";
  }

  private static boolean optional(String text) {
    return text.isEmpty() || SwimCheck.text(text);
  }
}
