package io.ringdaemon.web;

import java.time.Instant;

/**
 * Who led a ring before its present leader.
 *
 * @param until when this node heard that another had claimed the lead
 * @param ended whether it said that all work done under its lead has ended
 */
public record Predecessor(String leaderId, long epoch, Instant until, boolean ended) {}
