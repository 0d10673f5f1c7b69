/** Rings in etcd: {@link io.ringdaemon.store.etcd.EtcdBackend}. jetcd stays in here. */
@NullMarked
package io.ringdaemon.store.etcd;

import org.jspecify.annotations.NullMarked;
