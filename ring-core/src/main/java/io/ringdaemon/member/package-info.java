/** One node's part in one ring, all together: {@link io.ringdaemon.member.RingMember}. */
@NullMarked
package io.ringdaemon.member;

import org.jspecify.annotations.NullMarked;
