package io.ringdaemon.daemon.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code completion bash|zsh}: what makes the shell complete commands and options. */
@Command(
    name = "completion",
    description = "Print a script that makes the shell complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon completion bash > /etc/bash_completion.d/ring-daemon",
      "  ring-daemon completion zsh > ~/.ring-daemon.zsh     then \"source\" it in ~/.zshrc",
      "",
      "Exit codes: 0 printed, 2 wrong usage"
    })
final class CompletionCommand extends CliCommand {
  /** Who reads it. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell; one script serves both.")
  @SuppressWarnings("unused") // the script asks which shell it is in
  private Shell shell;

  @Override
  public Integer call() {
    out().print(AutoComplete.bash("ring-daemon", Main.newCommandLine()));
    out().flush();
    return ExitCode.OK;
  }
}
