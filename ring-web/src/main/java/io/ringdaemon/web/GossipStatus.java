package io.ringdaemon.web;

import java.util.List;

/**
 * How gossip goes, as this node sees it.
 *
 * @param delays how many delays were measured in the last minutes; 0: no peer was heard
 * @param delayP50 seconds a change takes from another node to this one
 * @param delayP99 the same, of the slowest in a hundred
 * @param queued changes waiting to be passed on
 * @param zone this node's if it gossips by zones, else empty
 * @param messages the last ones, newest first
 */
public record GossipStatus(
    long delays,
    double delayP50,
    double delayP99,
    int queued,
    String zone,
    List<MessageStatus> messages) {}
