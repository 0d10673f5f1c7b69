package io.ringdaemon.kv;

/**
 * A sign of life without the entry it belongs to.
 *
 * @param timestamp Unix seconds
 * @param hash of all fields of the entry but timestamp and sequence (docs/formats.md)
 */
public record Heartbeat(String id, long timestamp, long sequence, long hash) {}
