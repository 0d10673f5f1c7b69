/**
 * What is counted and timed, without knowing who shows it: {@link io.ringdaemon.metrics.Metrics}.
 */
@NullMarked
package io.ringdaemon.metrics;

import org.jspecify.annotations.NullMarked;
