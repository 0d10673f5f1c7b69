/**
 * JSON and metrics. {@link io.ringdaemon.web.api.WebRoutes} is the door: every path and who answers
 * it. The shapes are a contract (docs/api.md): fields may be added, none renamed.
 */
@NullMarked
package io.ringdaemon.web.api;

import org.jspecify.annotations.NullMarked;
