package io.ringdaemon.gossip.mesh;

import java.time.Instant;

/**
 * A peer as this node sees it.
 *
 * @param address advertised gossip address, {@code host:port}
 * @param since wall time of the last change of {@code state}, by this node's clock
 * @param lastContact wall time at which something last arrived from it, by this node's clock
 * @param zone may be empty
 * @param httpAddress where its pages are, may be empty
 * @param release version of the program it runs, may be empty
 */
public record Peer(
    PeerId id,
    String address,
    PeerState state,
    Instant since,
    Instant lastContact,
    String zone,
    String httpAddress,
    String release) {}
