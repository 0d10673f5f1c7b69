/** HTTP on Netty: {@link io.ringdaemon.web.http.HttpServer}. */
@NullMarked
package io.ringdaemon.web.http;

import org.jspecify.annotations.NullMarked;
