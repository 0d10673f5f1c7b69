/**
 * How gossip connections are protected: {@link io.ringdaemon.gossip.mesh.security.Protection} says
 * by what, {@link io.ringdaemon.gossip.mesh.security.Credentials} is what was read for it.
 */
@NullMarked
package io.ringdaemon.gossip.mesh.security;

import org.jspecify.annotations.NullMarked;
