/**
 * Where values live: {@link io.ringdaemon.kv.KvStore}, and what a value must be able to do: {@link
 * io.ringdaemon.kv.Mergeable}.
 */
@NullMarked
package io.ringdaemon.kv;

import org.jspecify.annotations.NullMarked;
