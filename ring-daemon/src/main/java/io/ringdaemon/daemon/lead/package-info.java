/**
 * What a daemon does about the work that only the leader does: {@link
 * io.ringdaemon.daemon.lead.LeadDesk}.
 */
@NullMarked
package io.ringdaemon.daemon.lead;

import org.jspecify.annotations.NullMarked;
