package io.ringdaemon.daemon.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a running daemon takes up from a new configuration, and what it can't before a restart.
 *
 * @param effective the running one, with what is taken up
 * @param taken options taken up, by their paths
 * @param left options that differ but wait for a restart
 */
public record ConfigChange(DaemonConfig effective, List<String> taken, List<String> left) {
  private static final Set<String> ANY_TIME =
      Set.of(
          "server.log_level",
          "server.auth_file",
          "memberlist.join_members",
          "memberlist.cluster_label",
          "memberlist.cluster_label_verification_disabled");
  private static final Pattern STORES_OF_MULTI =
      Pattern.compile("rings\\..+\\.kvstore\\.multi\\..+");
  private static final Set<String> WHILE_HTTP_HAS_TLS =
      Set.of("server.tls_cert_path", "server.tls_key_path", "server.tls_client_ca_path");
  private static final Set<String> WHILE_THE_KIND_OF_PROTECTION_STAYS =
      Set.of(
          "memberlist.tls_cert_path",
          "memberlist.tls_key_path",
          "memberlist.tls_ca_path",
          "memberlist.tls_server_name",
          "memberlist.tls_insecure_skip_verify",
          "memberlist.tls_client_auth",
          "memberlist.encryption_keys_file");

  public ConfigChange {
    taken = List.copyOf(taken);
    left = List.copyOf(left);
  }

  /** Compares; neither is changed. */
  public static ConfigChange between(DaemonConfig running, DaemonConfig next) {
    Set<String> now = new HashSet<>(ANY_TIME);
    if (running
        .memberlist()
        .protection()
        .getClass()
        .equals(next.memberlist().protection().getClass())) {
      now.addAll(WHILE_THE_KIND_OF_PROTECTION_STAYS);
    }
    if (running.server().tls() && next.server().tls()) {
      now.addAll(WHILE_HTTP_HAS_TLS);
    }
    var taken = new ArrayList<String>();
    var left = new ArrayList<String>();
    ObjectNode tree = ConfigMapper.tree(running);
    compare("", tree, ConfigMapper.tree(next), now, taken, left);
    return new ConfigChange(ConfigMapper.YAML.treeToValue(tree, DaemonConfig.class), taken, left);
  }

  /** Puts into {@code running} those options that may be taken up {@code now}. */
  private static void compare(
      String path,
      ObjectNode running,
      ObjectNode next,
      Set<String> now,
      List<String> taken,
      List<String> left) {
    var names = new ArrayList<String>(running.propertyNames());
    next.propertyNames().stream().filter(name -> !running.has(name)).forEach(names::add);
    for (String name : names) {
      String option = path + name;
      JsonNode before = running.get(name);
      JsonNode after = next.get(name);
      if (before instanceof ObjectNode inner && after instanceof ObjectNode other) {
        compare(option + ".", inner, other, now, taken, left);
      } else if (before == null || !before.equals(after)) {
        boolean can = now.contains(option) || STORES_OF_MULTI.matcher(option).matches();
        (can ? taken : left).add(option);
        if (can) {
          running.set(name, after);
        }
      }
    }
  }
}
