package io.ringdaemon.daemon.local;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * An instance's tokens in a file, in dskit's form {@code {"tokens":[1,2,3]}}
 * (reference/ring-semantics.md 2.5). A file that is something else is put aside as {@code
 * .corrupt}, never overwritten.
 */
public final class TokensFile implements TokenStore {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  record Content(List<Long> tokens) {
    @JsonCreator
    Content(@JsonProperty(value = "tokens", required = true) List<Long> tokens) {
      this.tokens = List.copyOf(tokens);
    }
  }

  private final DataDir dir;
  private final Path file;

  public TokensFile(DataDir dir, Path file) {
    this.dir = dir;
    this.file = file;
  }

  @Override
  public CompletionStage<Optional<Tokens>> load() {
    return dir.read(file)
        .thenCompose(
            text -> {
              try {
                return CompletableFuture.completedFuture(text.map(TokensFile::parse));
              } catch (RuntimeException corrupt) {
                return CompletableFuture.failedFuture(putAside());
              }
            });
  }

  static Tokens parse(String text) {
    try {
      return Tokens.of(
          JSON.readValue(text, Content.class).tokens().stream()
              .mapToLong(Long::longValue)
              .toArray());
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  static String print(Tokens tokens) {
    return JSON.writeValueAsString(new Content(tokens.longs().boxed().toList()));
  }

  private IOException putAside() {
    Path aside = file.resolveSibling(file.getFileName() + ".corrupt");
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      return new IOException(file + " was no list of tokens; it is kept as " + aside);
    } catch (IOException failed) {
      return new IOException(file + " is no list of tokens", failed);
    }
  }

  @Override
  public CompletionStage<Void> save(Tokens tokens) {
    return dir.write(file, print(tokens));
  }
}
