package io.ringdaemon.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.web.http.PasswordHash;
import io.ringdaemon.web.http.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * {@code keygen}: a new key for {@code memberlist.encryption_keys_file}, or a line with a
 * password's hash for {@code server.auth_file}. Asks no daemon.
 */
@Command(
    name = "keygen",
    description = {
      "Print a new key that encrypts gossip. Put it into a file that only the daemon may read, the",
      "same on every node, and name that file in memberlist.encryption_keys_file. The same text",
      "makes a good token for HTTP. Or, with --password, print a line for server.auth_file."
    },
    sortOptions = false,
    footer = {
      "",
      "The file has one key a line; the first one encrypts, all of them decrypt. To replace a key",
      "without a pause, send SIGHUP to every daemon after each step: add the new key as the second",
      "line everywhere; then make it the first everywhere; then remove the old one everywhere.",
      "",
      "Examples:",
      "  ring-daemon keygen > gossip.keys && chmod 600 gossip.keys",
      "  ring-daemon keygen --bits=128 >> gossip.keys",
      "  ring-daemon keygen --password=alice --role=operator >> http.auth   asks for the password",
      "  ring-daemon keygen > token; echo \"operator token deploy $(cat token)\" >> http.auth",
      "",
      "Exit codes: 0 printed, 2 wrong options"
    })
final class KeygenCommand extends CliCommand {
  private static final int SHORTEST = 8;

  @Option(
      names = "--bits",
      paramLabel = "N",
      defaultValue = "256",
      description = "128, 192 or 256 (default: 256).")
  private int bits;

  @Option(
      names = "--password",
      paramLabel = "NAME",
      description = "Hash a password for NAME: asked for, or the first line of standard input.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "READER",
      description = "With --password: reader or operator (default: reader).")
  private Role role;

  @Override
  public Integer call() {
    if (bits != 128 && bits != 192 && bits != 256) {
      throw new ParameterException(commandLine(), "--bits=" + bits + ": expected 128, 192 or 256");
    }
    if (name.isPresent()) {
      out().println(account(name.get()));
      return ExitCode.OK;
    }
    out().println(KeyRing.generate(bits, new SecureRandom()));
    return ExitCode.OK;
  }

  private String account(String user) {
    if (!user.matches("[^\\s:#]{1,200}")) {
      throw new ParameterException(
          commandLine(), "--password=" + user + ": expected a name without spaces, ':' and '#'");
    }
    char[] password =
        Prompt.secret("Password of " + user + ": ").orElseGet(() -> firstLine().toCharArray());
    if (password.length < SHORTEST) {
      throw new CommandFailure(
          ExitCode.USAGE, "a password has at least " + SHORTEST + " characters");
    }
    return "%s password %s %s"
        .formatted(
            role.name().toLowerCase(Locale.ROOT),
            user,
            PasswordHash.of(password, new SecureRandom()));
  }

  private static String firstLine() {
    try {
      String line = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException unreadable) {
      throw new CommandFailure(
          ExitCode.USAGE, "standard input can't be read: " + unreadable.getMessage());
    }
  }
}
