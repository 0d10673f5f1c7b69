package io.ringdaemon.web.http;

import java.util.concurrent.CompletionStage;

/**
 * Answers requests. Called on the server's thread and must not block; whatever has to be waited for
 * completes the stage later. When the client goes away first, the stage's future is cancelled.
 */
@FunctionalInterface
public interface HttpHandler {
  CompletionStage<Response> handle(Request request);
}
