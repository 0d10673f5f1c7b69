package io.ringdaemon.daemon.cli;

import io.ringdaemon.gossip.mesh.security.SecretFile;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which daemon a command asks, whom it trusts, and how it shows who it is. */
final class DaemonOptions {
  private static final String PASSWORD = "RING_DAEMON_PASSWORD";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:RING_DAEMON_URL:-" + DaemonUrl.DEFAULT + "}",
      description = "The daemon to ask (default: $$RING_DAEMON_URL or " + DaemonUrl.DEFAULT + ").")
  private String url;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      defaultValue = "${env:RING_DAEMON_CA_FILE}",
      description = "For https: who signs its certificate, PEM (default: $$RING_DAEMON_CA_FILE).")
  private Optional<Path> caFile = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:RING_DAEMON_TOKEN_FILE}",
      description = "A file with your token (default: $$RING_DAEMON_TOKEN_FILE).")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "${env:RING_DAEMON_USER}",
      description = "Your name; the password is $$" + PASSWORD + ", or asked for.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      defaultValue = "${env:RING_DAEMON_CERT_FILE}",
      description = "Your certificate, PEM (default: $$RING_DAEMON_CERT_FILE).")
  private Optional<Path> certFile = Optional.empty();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      defaultValue = "${env:RING_DAEMON_KEY_FILE}",
      description = "Its private key, PEM (default: $$RING_DAEMON_KEY_FILE).")
  private Optional<Path> keyFile = Optional.empty();

  /** What asks that daemon. Reads the files; may ask for a password. */
  DaemonClient client() {
    DaemonUrl daemon = DaemonUrl.parse(url);
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new CommandFailure(ExitCode.USAGE, "--cert-file and --key-file go together");
    }
    if (tokenFile.isPresent() && user.isPresent()) {
      throw new CommandFailure(ExitCode.USAGE, "--token-file or --user, not both");
    }
    boolean https = daemon.toString().startsWith("https:");
    boolean own = caFile.isPresent() || certFile.isPresent();
    return new DaemonClient(
        daemon,
        authorization(),
        https && own
            ? Optional.of(ClientTls.sockets(caFile, certFile, keyFile))
            : Optional.empty());
  }

  private String authorization() {
    if (tokenFile.isPresent()) {
      return "Bearer " + token(tokenFile.get());
    }
    return user.map(
            name -> {
              byte[] pair = (name + ":" + password(name)).getBytes(StandardCharsets.UTF_8);
              return "Basic " + Base64.getEncoder().encodeToString(pair);
            })
        .orElse("");
  }

  private static String token(Path file) {
    try {
      String token = SecretFile.text(file).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new CommandFailure(ExitCode.USAGE, file + ": expected one line, a token");
      }
      return token;
    } catch (SecretFileException unusable) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(unusable.getMessage()));
    }
  }

  private static String password(String name) {
    return Optional.ofNullable(System.getenv(PASSWORD))
        .or(() -> Prompt.secret("Password of " + name + ": ").map(String::new))
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "no terminal to ask for the password of " + name + ": set " + PASSWORD));
  }
}
