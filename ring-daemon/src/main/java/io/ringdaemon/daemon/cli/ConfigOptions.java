package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.ConfigSources;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.ShorthandFlags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that make a configuration, shared by {@code run} and {@code config}. */
final class ConfigOptions {
  @Option(
      names = "--config.file",
      paramLabel = "F",
      description = "YAML file; see \"ring-daemon config print\".")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--config.expand-env",
      description = "Replace $${VAR} and $${VAR:default} in the file.")
  private boolean expandEnv;

  @Option(
      names = "--set",
      paramLabel = "OPTION=VALUE",
      description = "Set any option by its path; the value is YAML. Repeatable.")
  private List<String> sets = List.of();

  @Option(
      names = "--node-name",
      paramLabel = "N",
      description = "This node's name (default: the host name).")
  private Optional<String> nodeName = Optional.empty();

  @Option(
      names = "--bind",
      paramLabel = "HOST:PORT",
      description = "Gossip here (default: 127.0.0.1:7946).")
  private Optional<String> bind = Optional.empty();

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "Tell others to reach us here.")
  private Optional<String> advertise = Optional.empty();

  @Option(
      names = "--join",
      paramLabel = "SEED",
      split = ",",
      hideParamSyntax = true,
      description = "A node to start from: HOST:PORT, dns+NAME:PORT, dnssrv+NAME. Repeatable.")
  private List<String> join = List.of();

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Serve HTTP here (default: 127.0.0.1:7980).")
  private Optional<String> http = Optional.empty();

  @Option(
      names = "--data-dir",
      paramLabel = "D",
      description = "Tokens and epochs live here (default: data).")
  private Optional<String> dataDir = Optional.empty();

  DaemonConfig resolve() {
    return resolve(List.of());
  }

  /** With {@code moreSets} on top of those given. */
  DaemonConfig resolve(List<String> moreSets) {
    List<String> all = new ArrayList<>(sets);
    all.addAll(moreSets);
    var flags = new ShorthandFlags(nodeName, bind, advertise, join, http, dataDir);
    return new ConfigSources(file, expandEnv, all, flags).resolve(System.getenv());
  }
}
