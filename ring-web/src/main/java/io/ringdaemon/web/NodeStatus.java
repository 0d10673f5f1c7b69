package io.ringdaemon.web;

import java.time.Instant;
import java.util.List;

/**
 * This node.
 *
 * @param alerts states that deserve alarm, a sentence each: what is wrong, its effect, what to do
 */
public record NodeStatus(
    String name,
    Instant started,
    String release,
    String httpAddress,
    String gossipAddress,
    String clusterLabel,
    Instant now,
    List<String> alerts) {}
