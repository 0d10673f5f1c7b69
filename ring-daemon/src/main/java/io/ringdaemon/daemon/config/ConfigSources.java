package io.ringdaemon.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the configuration is made from, the weakest first: defaults, the file, {@code --set},
 * the shorthand flags.
 *
 * @param file the config file, if there is one
 * @param expandEnv whether {@code ${VAR}} in the file is replaced
 * @param sets {@code path.to.option=value} each
 * @param flags shorthand flags, see {@link ShorthandFlags}
 */
public record ConfigSources(
    Optional<Path> file, boolean expandEnv, List<String> sets, ShorthandFlags flags) {

  /** A file alone. */
  public static ConfigSources of(Path file) {
    return new ConfigSources(Optional.of(file), false, List.of(), ShorthandFlags.NONE);
  }

  /** The configuration, or a {@link ConfigException} that says what is wrong with which option. */
  public DaemonConfig resolve(Map<String, String> environment) {
    var layers = new ArrayList<Layer>();
    file.ifPresent(path -> layers.add(ConfigFile.read(path, expandEnv, environment)));
    sets.forEach(set -> layers.add(SetOption.parse(set)));
    layers.addAll(flags.layers());
    DaemonConfig config = ConfigTree.bind(layers);
    return config.nodeName().isEmpty() ? config.withNodeName(HostName.read()) : config;
  }
}
