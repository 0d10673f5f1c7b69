/** Who is there and how bytes get to them: {@link io.ringdaemon.gossip.mesh.Mesh}. */
@NullMarked
package io.ringdaemon.gossip.mesh;

import org.jspecify.annotations.NullMarked;
