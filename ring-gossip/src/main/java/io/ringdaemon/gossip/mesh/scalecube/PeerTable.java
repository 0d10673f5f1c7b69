package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.time.World;
import io.scalecube.cluster.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The other nodes and what we believe of them. Of several lives of one name that answer, only one
 * is shown as reachable, the newest unless {@link Namesakes} prefers another, the others as DEAD;
 * of two lives at one address only the one we had contact with last.
 *
 * <p>Confined to the loop, except {@link #snapshot}. <b>Bounds:</b> 1,000 that are DEAD or LEFT,
 * oldest dropped. Source: reference/scalecube.md 2.7, 5.2, 5.3.
 */
final class PeerTable {
  static final int MOST_GONE = 1_000;

  /** Two lives of one name that both speak for this long are two nodes, not a restart. */
  private static final Duration TWO_NODES = Duration.ofSeconds(2);

  private static final class Entry {
    private final Member member;
    private final PeerId id;
    private PeerState believed;
    private PeerState shown = PeerState.DEAD; // until settled
    private boolean announced;
    private Instant since;
    private Instant added;
    private Instant lastContact;
    private Hello about;

    private Entry(Member member, PeerId id, Hello about, Instant now) {
      this.member = member;
      this.id = id;
      this.about = about;
      believed = PeerState.ALIVE;
      since = now;
      added = now;
      lastContact = now;
    }

    private Peer peer() {
      return new Peer(
          id,
          member.address(),
          shown,
          since,
          lastContact,
          about.getZone(),
          about.getHttpAddress(),
          about.getRelease());
    }
  }

  /** One of several that use one name. */
  record Namesake(String memberId, PeerId id, String address) {}

  private record Preferred(String memberId, boolean proven) {}

  private final World world;
  private final PeerId self;
  private final Consumer<Peer> changed;
  private final Map<String, Entry> byMember = new LinkedHashMap<>();
  private final Map<String, Hello> introductions = // by member id, oldest first
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Hello> eldest) {
          return size() > RecordWatch.MOST_MEMBERS;
        }
      };
  private final Map<String, Preferred> preferred = new LinkedHashMap<>(); // by name
  private volatile List<Peer> snapshot = List.of();

  PeerTable(World world, PeerId self, Consumer<Peer> changed) {
    this.world = world;
    this.self = self;
    this.changed = changed;
  }

  /** All others, by name and life. Any thread. */
  List<Peer> snapshot() {
    return snapshot;
  }

  /**
   * There was contact with this member. Returns those at the same address: they are gone, and are
   * shown so already.
   */
  List<Member> added(Member member, PeerId id) {
    Instant now = world.now();
    Hello about = introductions.getOrDefault(member.id(), Hello.getDefaultInstance());
    Entry entry = byMember.computeIfAbsent(member.id(), key -> new Entry(member, id, about, now));
    entry.believed = PeerState.ALIVE;
    entry.about = about;
    entry.added = now;
    entry.lastContact = now;
    List<Member> replaced = new ArrayList<>();
    for (Entry other : List.copyOf(byMember.values())) {
      if (other != entry
          && other.believed.reachable()
          && other.member.address().equals(member.address())) {
        other.believed = PeerState.DEAD;
        replaced.add(other.member);
        settle(other.id.name());
      }
    }
    settle(id.name());
    return replaced;
  }

  /** The earliest life of this name that answers and isn't suspect, at another address. */
  Optional<Namesake> earliest(String name, String otherThan) {
    return byMember.values().stream()
        .filter(entry -> entry.id.name().equals(name) && entry.believed == PeerState.ALIVE)
        .filter(entry -> !entry.member.address().equals(otherThan))
        .min(Comparator.comparing(entry -> entry.id))
        .map(entry -> new Namesake(entry.member.id(), entry.id, entry.member.address()));
  }

  /**
   * Of all lives of this name that answer, this one counts until it is gone; without this the
   * newest does. {@code proven}: there are several nodes of this name, no doubt.
   */
  void prefer(String name, String memberId, boolean proven) {
    preferred.put(name, new Preferred(memberId, proven));
    if (preferred.size() > RecordWatch.MOST_MEMBERS) {
      preferred.remove(preferred.keySet().iterator().next());
    }
    settle(name);
  }

  /** Scalecube removed it, or it said goodbye; LEFT stays LEFT. */
  void gone(String memberId, PeerState state) {
    Entry entry = byMember.get(memberId);
    if (entry == null || entry.believed == PeerState.LEFT) {
      return;
    }
    entry.believed = state;
    settle(entry.id.name());
    prune();
  }

  /** Suspicion, or its refutation; of no consequence for who is gone. */
  void believe(String memberId, PeerState state) {
    Entry entry = byMember.get(memberId);
    if (entry != null && entry.believed.reachable() && entry.believed != state) {
      entry.believed = state;
      settle(entry.id.name());
    }
  }

  /** It shook hands with us, perhaps before scalecube knows it. */
  void introduced(Hello hello) {
    introductions.put(hello.getMemberId(), hello);
    Entry entry = byMember.get(hello.getMemberId());
    if (entry != null) {
      entry.about = hello;
      entry.lastContact = world.now();
    }
  }

  /** Something came from it. */
  void contact(String memberId) {
    Entry entry = byMember.get(memberId);
    if (entry != null) {
      entry.lastContact = world.now();
    }
  }

  boolean knows(String memberId) {
    return byMember.containsKey(memberId);
  }

  /** Whether it said goodbye. */
  boolean left(String memberId) {
    Entry entry = byMember.get(memberId);
    return entry != null && entry.believed == PeerState.LEFT;
  }

  Optional<Member> member(String memberId) {
    return Optional.ofNullable(byMember.get(memberId)).map(entry -> entry.member);
  }

  /** Where to send to this peer, if that makes sense. */
  Optional<String> reachableAddress(PeerId id) {
    return byMember.values().stream()
        .filter(entry -> entry.id.equals(id) && entry.shown.reachable())
        .map(entry -> entry.member.address())
        .findFirst();
  }

  /** Where it is or was. */
  Optional<String> lastAddress(PeerId id) {
    return byMember.values().stream()
        .filter(entry -> entry.id.equals(id))
        .map(entry -> entry.member.address())
        .reduce((older, newer) -> newer);
  }

  /** Addresses of all who answer, shown or not. */
  Set<String> reachableAddresses() {
    Set<String> addresses = new TreeSet<>();
    for (Entry entry : byMember.values()) {
      if (entry.believed.reachable()) {
        addresses.add(entry.member.address());
      }
    }
    return addresses;
  }

  /** Who answers at this address. */
  Optional<Member> reachableAt(String address) {
    return reachableMembers().stream()
        .filter(member -> member.address().equals(address))
        .findFirst();
  }

  /** All who answer, shown or not. */
  List<Member> reachableMembers() {
    return byMember.values().stream()
        .filter(entry -> entry.believed.reachable())
        .map(entry -> entry.member)
        .toList();
  }

  int reachable() {
    return (int) byMember.values().stream().filter(entry -> entry.believed.reachable()).count();
  }

  boolean alone() {
    return byMember.values().stream().noneMatch(entry -> entry.believed.reachable());
  }

  void forget(PeerId id) {
    if (byMember.values().removeIf(entry -> entry.id.equals(id) && !entry.believed.reachable())) {
      refresh();
    }
  }

  /** Names that two live nodes use at once, in words. */
  List<String> duplicates(String ownAddress) {
    List<String> troubles = new ArrayList<>();
    for (Entry entry : byMember.values()) {
      if (!entry.believed.reachable()) {
        continue;
      }
      if (entry.id.name().equals(self.name())) {
        troubles.add(twoNodes(self.name(), ownAddress, entry.member.address()));
      } else if (!entry.shown.reachable()) {
        counting(entry.id.name())
            .filter(counts -> severalNodes(entry, counts))
            .ifPresent(
                counts ->
                    troubles.add(
                        twoNodes(
                            entry.id.name(), counts.member.address(), entry.member.address())));
      }
    }
    return troubles;
  }

  /** An earlier life that goes on speaking beside the later one is no restart. */
  private boolean severalNodes(Entry hidden, Entry counts) {
    Preferred now = preferred.get(hidden.id.name());
    return (now != null && now.proven) || hidden.lastContact.isAfter(counts.added.plus(TWO_NODES));
  }

  /** Lives that were given up but go on speaking count again: those are two nodes. */
  void review() {
    for (Entry entry : List.copyOf(byMember.values())) {
      if (entry.believed.reachable() && !entry.shown.reachable()) {
        counting(entry.id.name())
            .filter(counts -> entry.id.life() < counts.id.life() && severalNodes(entry, counts))
            .ifPresent(counts -> prefer(entry.id.name(), entry.member.id(), true));
      }
    }
  }

  /** Makes a new snapshot, with the latest contacts. */
  void refresh() {
    Map<PeerId, Peer> peers = new LinkedHashMap<>();
    byMember.values().stream()
        .filter(entry -> !entry.id.equals(self))
        .map(Entry::peer)
        .sorted(Comparator.comparing(Peer::id))
        .forEach(peer -> peers.merge(peer.id(), peer, (a, b) -> a.state().reachable() ? a : b));
    snapshot = List.copyOf(peers.values());
  }

  private static String twoNodes(String name, String one, String other) {
    return "two nodes call themselves \""
        + name
        + "\": one at "
        + one
        + ", one at "
        + other
        + "; give one of them another name";
  }

  /** The life of this name that is shown: the one preferred, else the newest. */
  private Optional<Entry> counting(String name) {
    Preferred wanted = preferred.get(name);
    Entry entry = wanted == null ? null : byMember.get(wanted.memberId);
    if (entry != null && entry.believed.reachable()) {
      return Optional.of(entry);
    }
    preferred.remove(name);
    return newest(name);
  }

  private Optional<Entry> newest(String name) {
    return byMember.values().stream()
        .filter(entry -> entry.id.name().equals(name) && entry.believed.reachable())
        .max(
            Comparator.comparing((Entry entry) -> entry.id)
                .thenComparing(entry -> entry.member.id()));
  }

  /** Shows of one name's lives what may be shown, and tells what that changed. */
  private void settle(String name) {
    Optional<Entry> counts = counting(name);
    List<Peer> news = new ArrayList<>();
    for (Entry entry : byMember.values()) {
      if (!entry.id.name().equals(name)) {
        continue;
      }
      boolean hidden = entry.believed.reachable() && counts.filter(one -> one == entry).isEmpty();
      PeerState shown = hidden ? PeerState.DEAD : entry.believed;
      if (shown != entry.shown || !entry.announced) {
        entry.announced = true;
        entry.shown = shown;
        entry.since = world.now();
        news.add(entry.peer());
      }
    }
    refresh();
    news.stream().filter(peer -> !peer.id().equals(self)).forEach(changed);
  }

  private void prune() {
    List<Entry> gone = new ArrayList<>(byMember.values());
    gone.removeIf(entry -> entry.believed.reachable());
    if (gone.size() <= MOST_GONE) {
      return;
    }
    gone.sort(Comparator.comparing((Entry entry) -> entry.since));
    for (Entry oldest : gone.subList(0, gone.size() - MOST_GONE)) {
      byMember.remove(oldest.member.id());
    }
    refresh();
  }
}
