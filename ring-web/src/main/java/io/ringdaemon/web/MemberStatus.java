package io.ringdaemon.web;

import java.time.Instant;

/**
 * A node of the mesh as this one sees it.
 *
 * @param state alive, suspect, dead or left
 * @param life start of its process
 */
public record MemberStatus(
    String name,
    Instant life,
    String addr,
    String state,
    String zone,
    Instant since,
    Instant lastContact,
    String httpAddress,
    String release,
    boolean self) {}
