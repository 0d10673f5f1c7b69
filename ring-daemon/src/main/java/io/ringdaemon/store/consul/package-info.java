/**
 * Rings in Consul: {@link io.ringdaemon.store.consul.ConsulBackend}, and the lock of their leaders:
 * {@link io.ringdaemon.store.consul.ConsulLock}.
 */
@NullMarked
package io.ringdaemon.store.consul;

import org.jspecify.annotations.NullMarked;
