/** What the pages and the API show and change: {@link io.ringdaemon.web.Service}. */
@NullMarked
package io.ringdaemon.web;

import org.jspecify.annotations.NullMarked;
