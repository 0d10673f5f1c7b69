/** A ring on its way from one store to another: {@link io.ringdaemon.store.multi.MultiKvStore}. */
@NullMarked
package io.ringdaemon.store.multi;

import org.jspecify.annotations.NullMarked;
