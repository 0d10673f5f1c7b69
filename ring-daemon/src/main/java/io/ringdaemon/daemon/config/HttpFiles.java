package io.ringdaemon.daemon.config;

import io.ringdaemon.gossip.mesh.security.SecretFile;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import io.ringdaemon.gossip.mesh.security.Tls;
import io.ringdaemon.gossip.mesh.security.TlsCredentials;
import io.ringdaemon.web.http.Accounts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The files that secure HTTP; names them, holds no secret. */
public record HttpFiles(Optional<Tls> tls, Optional<Path> accounts) {
  /** What was in them, and when that was. */
  public record Loaded(Optional<TlsCredentials> tls, Accounts accounts, String stamp) {}

  static HttpFiles of(ServerConfig server) {
    List<Path> authorities =
        Arrays.stream(server.tlsClientCaPath().split(","))
            .map(String::strip)
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .toList();
    Tls tls =
        new Tls(
            Path.of(server.tlsCertPath()),
            Path.of(server.tlsKeyPath()),
            authorities,
            "",
            false,
            authorities.isEmpty() ? Tls.ClientAuth.NONE : Tls.ClientAuth.WANT);
    return new HttpFiles(
        server.tls() ? Optional.of(tls) : Optional.empty(),
        server.authFile().isEmpty() ? Optional.empty() : Optional.of(Path.of(server.authFile())));
  }

  /** Whether there are any. */
  public boolean any() {
    return tls.isPresent() || accounts.isPresent();
  }

  /** Changes when one of them does. Blocks. */
  public String stamp() {
    List<Path> all = new ArrayList<>();
    tls.ifPresent(some -> all.addAll(some.files()));
    accounts.ifPresent(all::add);
    return String.join("\n", all.stream().map(SecretFile::stamp).toList());
  }

  /**
   * Reads them; the stamp is taken first, so that a change meanwhile is seen at the next look.
   * Blocks.
   *
   * @throws IllegalArgumentException which file can't be used, where in it, and why
   */
  public Loaded load() {
    String stamp = stamp();
    try {
      Optional<TlsCredentials> credentials =
          tls.isPresent() ? Optional.of(tls.get().load()) : Optional.empty();
      return new Loaded(credentials, read(), stamp);
    } catch (SecretFileException unusable) {
      throw new IllegalArgumentException(unusable.getMessage(), unusable);
    }
  }

  private Accounts read() throws SecretFileException {
    if (accounts.isPresent()) {
      byte[] bytes = SecretFile.text(accounts.get()).getBytes(StandardCharsets.ISO_8859_1);
      return Accounts.parse(accounts.get().toString(), new String(bytes, StandardCharsets.UTF_8));
    }
    boolean proven = tls.isPresent() && !tls.get().authorities().isEmpty();
    return proven ? Accounts.anyCertificate() : Accounts.NOT_NEEDED;
  }
}
