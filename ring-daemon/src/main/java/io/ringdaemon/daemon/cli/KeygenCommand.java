package io.ringdaemon.daemon.cli;

import io.ringdaemon.gossip.mesh.security.KeyRing;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code keygen}: a new key for {@code memberlist.encryption_keys_file}. Asks no daemon. */
@Command(
    name = "keygen",
    description = {
      "Print a new key that encrypts gossip. Put it into a file that only the daemon may read, the",
      "same on every node, and name that file in memberlist.encryption_keys_file."
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
      "",
      "Exit codes: 0 printed, 2 wrong options"
    })
final class KeygenCommand extends CliCommand {
  @Option(
      names = "--bits",
      paramLabel = "N",
      defaultValue = "256",
      description = "128, 192 or 256 (default: 256).")
  private int bits;

  @Override
  public Integer call() {
    if (bits != 128 && bits != 192 && bits != 256) {
      throw new ParameterException(commandLine(), "--bits=" + bits + ": expected 128, 192 or 256");
    }
    out().println(KeyRing.generate(bits, new SecureRandom()));
    return ExitCode.OK;
  }
}
