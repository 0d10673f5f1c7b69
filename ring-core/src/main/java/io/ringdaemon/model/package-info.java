/** A ring's value and how two of them join: {@link io.ringdaemon.model.RingDesc}. */
@NullMarked
package io.ringdaemon.model;

import org.jspecify.annotations.NullMarked;
