package io.ringdaemon.web.http;

import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/**
 * A body too large to be built whole: it is written piece by piece, as the client takes it. See
 * {@link Response#streamed}.
 *
 * <p>It may take long, so what it tells of must not change meanwhile.
 */
@FunctionalInterface
public interface LongBody {
  /**
   * Begins; nothing is written yet. Each call of the result writes a little, some KiB, to {@code
   * out}, which never blocks; false: that was all. All calls are made on the server's thread, the
   * last ones never if the client goes.
   */
  BooleanSupplier begin(OutputStream out);
}
