package io.ringdaemon.gossip.mesh.scalecube;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * Turns {@code host:port} as written into addresses, names anew each time (the name service may say
 * something else by then). Literals need no thread; names are asked for off the loop. Source:
 * reference/scalecube.md 2.2, 5.1. <b>Bounds:</b> 16 addresses a name.
 */
final class Resolver {
  private static final int MOST_ADDRESSES = 16;

  private final Wire wire;

  Resolver(Wire wire) {
    this.wire = wire;
  }

  /** Every text given is a key; what is unknown or no address has an empty set. Never fails. */
  CompletionStage<Map<String, Set<String>>> resolve(Collection<String> written) {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    Map<String, Address.Written> names = new LinkedHashMap<>();
    for (String text : written) {
      Set<String> addresses = new LinkedHashSet<>();
      found.put(text, addresses);
      Optional<Address.Written> parts = Address.written(text);
      if (parts.isEmpty()) {
        continue;
      }
      Optional<Address> literal = Address.literal(parts.get().host(), parts.get().port());
      if (literal.isEmpty()) {
        names.put(text, parts.get());
      } else if (literal.get().dialable()) {
        addresses.add(literal.get().toString());
      }
    }
    if (names.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    CompletableFuture<Map<String, Set<String>>> all = new CompletableFuture<>();
    try {
      wire.blocking()
          .execute(
              () -> {
                names.forEach((text, name) -> found.put(text, lookup(name)));
                all.complete(found);
              });
    } catch (RejectedExecutionException e) {
      all.complete(found); // too much waits already: as if unknown, until the next attempt
    }
    return all;
  }

  private Set<String> lookup(Address.Written name) {
    Set<String> addresses = new LinkedHashSet<>();
    try {
      for (InetAddress ip : wire.lookup(name.host())) {
        Address address = Address.of(ip, name.port());
        if (address.dialable() && addresses.size() < MOST_ADDRESSES) {
          addresses.add(address.toString());
        }
      }
    } catch (UnknownHostException | SecurityException e) {
      return Set.of(); // said by Troubles: "unknown host"
    }
    return addresses;
  }
}
