/** Points on the circle of 2^32: {@link io.ringdaemon.token.Tokens}. */
@NullMarked
package io.ringdaemon.token;

import org.jspecify.annotations.NullMarked;
