/**
 * HTTP on Netty: {@link io.ringdaemon.web.http.HttpServer} carries, {@link
 * io.ringdaemon.web.http.Router} decides who answers. No type of Netty leaves this package.
 */
@NullMarked
package io.ringdaemon.web.http;

import org.jspecify.annotations.NullMarked;
