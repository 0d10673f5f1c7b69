package io.ringdaemon.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The flags that stand for often used options. */
public record ShorthandFlags(
    Optional<String> nodeName,
    Optional<String> bind,
    Optional<String> advertise,
    List<String> join,
    Optional<String> http,
    Optional<String> dataDir) {

  /** No flag given. */
  public static final ShorthandFlags NONE =
      new ShorthandFlags(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  public ShorthandFlags {
    join = List.copyOf(join);
  }

  List<Layer> layers() {
    var layers = new ArrayList<Layer>();
    nodeName.ifPresent(name -> layers.add(text("--node-name=" + name, name, "node_name")));
    dataDir.ifPresent(dir -> layers.add(text("--data-dir=" + dir, dir, "data_dir")));
    bind.ifPresent(
        at -> layers.addAll(address("--bind=", at, "memberlist", "bind_addr", "bind_port")));
    advertise.ifPresent(
        at ->
            layers.addAll(
                address("--advertise=", at, "memberlist", "advertise_addr", "advertise_port")));
    http.ifPresent(
        at ->
            layers.addAll(
                address("--http=", at, "server", "http_listen_address", "http_listen_port")));
    if (!join.isEmpty()) {
      ArrayNode seeds = NODES.arrayNode();
      join.forEach(seeds::add);
      layers.add(
          Layer.of(
              List.of("memberlist", "join_members"), seeds, "--join=" + String.join(",", join)));
    }
    return layers;
  }

  private static List<Layer> address(
      String flag, String text, String block, String host, String port) {
    String origin = flag + text;
    HostPort address =
        HostPort.parse(text)
            .orElseThrow(
                () ->
                    new ConfigException(
                        origin + ": expected HOST:PORT, as in " + flag + "127.0.0.1:7946"));
    JsonNode number = NODES.numberNode(address.port());
    return List.of(
        text(origin, address.host(), block, host), Layer.of(List.of(block, port), number, origin));
  }

  private static Layer text(String origin, String value, String... path) {
    return Layer.of(List.of(path), NODES.stringNode(value), origin);
  }
}
