/** JSON and metrics. */
@NullMarked
package io.ringdaemon.web.api;

import org.jspecify.annotations.NullMarked;
