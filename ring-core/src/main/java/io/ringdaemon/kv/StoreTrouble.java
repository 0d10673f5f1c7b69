package io.ringdaemon.kv;

import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a store from being trusted; meanwhile the last value it gave stays in use.
 *
 * @param text a sentence without its end: what is wrong, and what to do if that is known
 * @param since wall time
 * @param lastContact when the store last answered for this key; empty: never, so nothing is known
 */
public record StoreTrouble(String text, Instant since, Optional<Instant> lastContact) {}
