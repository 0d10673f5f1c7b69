/** The mesh over scalecube-cluster: {@link io.ringdaemon.gossip.mesh.scalecube.ScalecubeMesh}. */
@NullMarked
package io.ringdaemon.gossip.mesh.scalecube;

import org.jspecify.annotations.NullMarked;
