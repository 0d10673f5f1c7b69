package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.MeshException;
import io.ringdaemon.gossip.mesh.security.Credentials;
import io.ringdaemon.gossip.mesh.security.Protection;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import io.ringdaemon.gossip.mesh.security.TlsCredentials;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every 10 s whether the files of certificates or keys have changed, and uses what is new in
 * them. Files that can't be used change nothing: what was in use stays so, and {@link #lines} says
 * it until they are mended.
 *
 * <p>Confined to the loop, except {@link #lines} and {@link #load}; files are read off it.
 */
final class CredentialWatch {
  private static final long PERIOD = Duration.ofSeconds(10).toNanos();
  private static final Duration SOON = Duration.ofDays(7);
  private static final Logger LOG = LoggerFactory.getLogger(CredentialWatch.class);

  private record Loaded(Credentials credentials, String stamp) {}

  private final World world;
  private final Wire wire;
  private Protection protection;
  private String stamp = "";
  private Instant notAfter = Instant.MAX;
  private String failure = "";
  private long lastLook;
  private boolean looking;
  private volatile List<String> lines = List.of();

  CredentialWatch(World world, Wire wire, Protection protection) {
    this.world = world;
    this.wire = wire;
    this.protection = protection;
  }

  /** Why credentials can't be renewed, or are about to end. Any thread. */
  List<String> lines() {
    return lines;
  }

  /**
   * Reads the files for the first time; the wire has them when this returns. Blocks, off the loop.
   */
  void load() throws SecretFileException {
    Loaded first = read(protection);
    wire.use(first.credentials);
    world.loop().execute(() -> inUse(protection, first));
  }

  /** Call it now and then. */
  void look() {
    if (protection instanceof Protection.None) {
      return;
    }
    if (!looking && world.nanoTime() - lastLook >= PERIOD) {
      looking = true;
      lastLook = world.nanoTime();
      Protection watched = protection;
      String known = stamp;
      offLoop(() -> renewIfChanged(watched, known), new CompletableFuture<>());
    }
    word();
  }

  /**
   * Uses what is in these files now; {@code done} completes on the loop, exceptionally with a
   * {@link MeshException} if they can't be used, and then nothing has changed.
   */
  void use(Protection now, CompletableFuture<Void> done) {
    offLoop(() -> renew(now, true, done), done);
  }

  private void renewIfChanged(Protection watched, String known) {
    if (watched.stamp().equals(known)) {
      world.loop().execute(() -> looking = false);
    } else {
      renew(watched, false, new CompletableFuture<>());
    }
  }

  private void renew(Protection from, boolean asked, CompletableFuture<Void> done) {
    try {
      Loaded loaded = read(from);
      world
          .loop()
          .execute(
              () -> {
                wire.use(loaded.credentials);
                inUse(from, loaded);
                if (!from.files().isEmpty()) {
                  LOG.info("gossip uses {}", loaded.credentials.told());
                }
                done.complete(null);
              });
    } catch (SecretFileException | RuntimeException e) { // whatever it is, what was read stays
      String why = String.valueOf(e.getMessage());
      world.loop().execute(() -> failed(why, asked, new MeshException(why, e), done));
    }
  }

  private void failed(
      String why, boolean asked, MeshException thrown, CompletableFuture<Void> done) {
    looking = false;
    if (!asked && !failure.equals(why)) {
      LOG.warn("{}; what was read before stays in use", why);
      failure = why;
      word();
    }
    done.completeExceptionally(thrown);
  }

  private void inUse(Protection from, Loaded loaded) {
    protection = from;
    stamp = loaded.stamp;
    failure = "";
    looking = false;
    notAfter = loaded.credentials instanceof TlsCredentials tls ? tls.notAfter() : Instant.MAX;
    word();
  }

  private void word() {
    if (!failure.isEmpty()) {
      lines = List.of(failure + ": what was read before stays in use, mend the file");
    } else if (notAfter.isBefore(world.now())) {
      lines =
          List.of(
              "this node's TLS certificate ended at " + notAfter + ": peers refuse it, renew it");
    } else if (notAfter.isBefore(world.now().plus(SOON))) {
      lines = List.of("this node's TLS certificate ends at " + notAfter + ": renew it");
    } else {
      lines = List.of();
    }
  }

  /** The stamp is taken first: a change while reading is seen at the next look. */
  private static Loaded read(Protection from) throws SecretFileException {
    String stamp = from.stamp();
    return new Loaded(from.load(), stamp);
  }

  private void offLoop(Runnable task, CompletableFuture<Void> done) {
    try {
      wire.blocking().execute(task);
    } catch (RejectedExecutionException e) {
      looking = false;
      done.completeExceptionally(new MeshException("the mesh is stopping, or too busy", e));
    }
  }
}
