/**
 * How an instance joins, lives in and leaves a ring: {@link io.ringdaemon.lifecycle.Lifecycler}.
 */
@NullMarked
package io.ringdaemon.lifecycle;

import org.jspecify.annotations.NullMarked;
