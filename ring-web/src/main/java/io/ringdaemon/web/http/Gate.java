package io.ringdaemon.web.http;

import io.ringdaemon.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lets in who shows a credential: {@code Authorization: Bearer TOKEN}, {@code Basic} with a
 * password (or a token in its place), or a client certificate. A wrong one is answered after half a
 * second, and counted; nobody is locked out for what others of the same address did.
 *
 * <p><b>Threading:</b> any thread; nothing blocks, passwords are hashed on a thread of its own.
 * <b>Bounds:</b> 16 passwords wait to be hashed, 128 refusals wait to be told; beyond, 429. The
 * last 1,000 good passwords are remembered, keyed by a hash with a secret of this process, until
 * the accounts change.
 */
public final class Gate {
  private static final System.Logger log = System.getLogger(Gate.class.getName());
  private static final int WAITING_HASHES = 16;
  private static final int WAITING_REFUSALS = 128;
  private static final int REMEMBERED = 1000;
  private static final long DELAY_MILLIS = 500;

  private final Supplier<Accounts> accounts;
  private final Metrics metrics;
  private final Executor hashing = hashing();
  private final Executor later =
      CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS);
  private final AtomicInteger refusals = new AtomicInteger();
  private final String salt = secret();
  private volatile Memory memory = new Memory(Accounts.NOT_NEEDED, Map.of());

  /** Good passwords of these accounts, and of no later ones. */
  private record Memory(Accounts accounts, Map<String, Identity> good) {}

  /** {@code accounts} is asked for each request, so that files may change. */
  public Gate(Supplier<Accounts> accounts, Metrics metrics) {
    this.accounts = accounts;
    this.metrics = metrics;
    Stream.of("token", "password", "other", "role", "busy").forEach(this::counter);
  }

  /** Without credentials. */
  public static Gate open(Metrics metrics) {
    return new Gate(() -> Accounts.NOT_NEEDED, metrics);
  }

  private static Executor hashing() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_HASHES),
            task -> {
              Thread thread = new Thread(task, "http-passwords");
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  private static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Who asks; fails with an {@link HttpProblem} if that one may not. */
  CompletionStage<Identity> admit(Request request, Access access) {
    Accounts known = accounts.get();
    if (!known.needed()) {
      return CompletableFuture.completedFuture(Identity.ANYBODY);
    }
    if (access == Access.OPEN) {
      return CompletableFuture.completedFuture(Identity.ANONYMOUS);
    }
    Optional<String> shown = request.header("authorization");
    if (shown.isPresent()) {
      return byHeader(known, shown.get().strip())
          .thenApply(identity -> allowed(identity, access, request));
    }
    Optional<Identity> silent =
        known
            .byCertificate(request.caller().certificate())
            .or(
                () ->
                    known.anonymousMayRead() ? Optional.of(Identity.ANONYMOUS) : Optional.empty());
    if (silent.isEmpty() || (!silent.get().proved() && !access.allows(Role.READER))) {
      throw challenge("this needs a credential: a token, a name and password, or a certificate");
    }
    return CompletableFuture.completedFuture(allowed(silent.get(), access, request));
  }

  private Identity allowed(Identity identity, Access access, Request request) {
    if (access.allows(identity.role())) {
      return identity;
    }
    counter("role").increment();
    throw new HttpProblem(
            403,
            "%s may look, but %s %s needs the role operator"
                .formatted(identity.name(), request.method(), request.path()))
        .ofType("role");
  }

  private CompletionStage<Identity> byHeader(Accounts known, String header) {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String value = space < 0 ? "" : header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("bearer")) {
      return known
          .byToken(value)
          .<CompletionStage<Identity>>map(CompletableFuture::completedFuture)
          .orElseGet(() -> refuse("token"));
    }
    return scheme.equalsIgnoreCase("basic") ? byBasic(known, value) : refuse("other");
  }

  private CompletionStage<Identity> byBasic(Accounts known, String base64) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return refuse("other");
    }
    int colon = pair.indexOf(':');
    String name = colon < 0 ? pair : pair.substring(0, colon);
    String password = colon < 0 ? "" : pair.substring(colon + 1);
    Memory now = memory;
    if (now.accounts != known) {
      now = new Memory(known, new ConcurrentHashMap<>());
      memory = now;
    }
    Map<String, Identity> good = now.good;
    String key = HexFormat.of().formatHex(Accounts.sha256(salt + pair));
    Optional<Identity> seen = Optional.ofNullable(good.get(key)).or(() -> known.byToken(password));
    return seen.isPresent()
        ? CompletableFuture.completedFuture(seen.get())
        : hashed(known, good, key, name, password);
  }

  private CompletionStage<Identity> hashed(
      Accounts known, Map<String, Identity> good, String key, String name, String password) {
    CompletableFuture<Optional<Identity>> found;
    try {
      found = CompletableFuture.supplyAsync(() -> known.byPassword(name, password), hashing);
    } catch (RejectedExecutionException full) {
      return CompletableFuture.failedFuture(busy());
    }
    return found.thenCompose(
        identity -> {
          if (identity.isEmpty()) {
            return refuse("password");
          }
          if (good.size() >= REMEMBERED) {
            good.clear();
          }
          good.put(key, identity.get());
          return CompletableFuture.completedFuture(identity.get());
        });
  }

  /** Late, so that guessing takes time. */
  private CompletionStage<Identity> refuse(String reason) {
    counter(reason).increment();
    if (refusals.incrementAndGet() > WAITING_REFUSALS) {
      refusals.decrementAndGet();
      return CompletableFuture.failedFuture(busy());
    }
    return CompletableFuture.supplyAsync(
        () -> {
          refusals.decrementAndGet();
          log.log(System.Logger.Level.DEBUG, "login refused reason={0}", reason);
          throw challenge("this credential is not known here");
        },
        later);
  }

  private HttpProblem busy() {
    counter("busy").increment();
    return new HttpProblem(429, "too many logins at once; try again in a moment")
        .withHeader("Retry-After", "2");
  }

  private static HttpProblem challenge(String detail) {
    return new HttpProblem(401, detail)
        .ofType("credential")
        .withHeader("WWW-Authenticate", "Basic realm=\"ring-daemon\", charset=\"UTF-8\"");
  }

  private LongAdder counter(String reason) {
    return metrics.counter(
        "ring_daemon_http_logins_refused_total",
        "Requests refused for a credential that is wrong, or not enough.",
        "reason",
        reason);
  }
}
