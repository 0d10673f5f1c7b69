package io.ringdaemon.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A program that keeps whole values by key for us and many others: etcd, Consul. It knows bytes and
 * revisions, not rings. Failures are {@link StoreException}s.
 *
 * <p><b>Threading:</b> any thread, never blocks; stages complete and followers are told on threads
 * of the backend. <b>Bounds:</b> every request ends by itself, in an answer or a failure.
 */
public interface Backend extends AutoCloseable {
  /** What it is and where, for people: {@code etcd at 127.0.0.1:2379}. */
  String name();

  /** Its kind, as a label of metrics: {@code etcd}. */
  String kind();

  /** Bytes of the longest value it takes. */
  int largestValue();

  /** What is stored now, by a read that sees every write that has completed. */
  CompletionStage<Stored> read(String key);

  /** Writes if the key's revision still is {@code revision}, 0: if there is no such key. */
  CompletionStage<Outcome> write(String key, byte[] value, long revision);

  /** Removes the key, whatever its revision; what is then stored: nothing. */
  CompletionStage<Stored> delete(String key);

  /** Names of the keys that begin with {@code prefix}, sorted. */
  CompletionStage<List<String>> list(String prefix);

  /**
   * Tells {@code follower} of every state of the key later than {@code asOf}, until cancelled or
   * failed.
   */
  Following follow(String key, long asOf, Follower follower);

  /** Ends all that is under way. May block for a moment. */
  @Override
  void close();

  /** What a write did. */
  record Outcome(boolean written, Stored now) {}

  /** Is told what becomes of a key. */
  interface Follower {
    void changed(Stored now);

    /** Nothing more will come. */
    void failed(Throwable why);
  }

  /** Following a key, to be ended. */
  interface Following {
    void cancel();
  }
}
