/**
 * Changes of a ring that are carried out by its leader (design.md section 5): {@link
 * io.ringdaemon.change.Change}, {@link io.ringdaemon.change.Result}, and the protocol between them,
 * {@link io.ringdaemon.change.ChangeProtocol}.
 */
@NullMarked
package io.ringdaemon.change;

import org.jspecify.annotations.NullMarked;
