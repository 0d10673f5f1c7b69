package io.ringdaemon.vectors;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationStrategy;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the cases that dskit answered: {@code src/test/resources/vectors/README.md}. */
public final class Vectors {
  private static final InstanceState[] BY_NUMBER = {
    InstanceState.ACTIVE,
    InstanceState.LEAVING,
    InstanceState.PENDING,
    InstanceState.JOINING,
    InstanceState.LEFT
  };

  private Vectors() {}

  /** A line: what it is about, its other words, and those behind the equals sign. */
  public record Line(String about, List<String> words, List<String> answer) {
    static Line of(String text) {
      List<String> all = List.of(text.split(" ", -1));
      int equals = all.contains("=") ? all.indexOf("=") : all.size();
      return new Line(
          all.get(0),
          all.subList(1, equals),
          all.subList(Math.min(equals + 1, all.size()), all.size()));
    }

    public String word(int at) {
      return words.get(at);
    }

    public int number(int at) {
      return Integer.parseInt(words.get(at));
    }

    public boolean failed() {
      return answer.equals(List.of("error"));
    }

    @Override
    public String toString() {
      return about + " " + String.join(" ", words) + " = " + String.join(" ", answer);
    }
  }

  /** A case: the line it begins with and those up to the next such one. */
  public record Case(int number, Line head, List<Line> lines) {
    public List<Line> about(String... topics) {
      return lines.stream().filter(line -> List.of(topics).contains(line.about())).toList();
    }

    /** The entries of that kind. */
    public List<InstanceDesc> entries(String kind) {
      return about(kind).stream().map(Vectors::entry).toList();
    }

    /** The case's instances as a view. */
    public Ring ring() {
      return ring(ReplicationStrategy.DEFAULT);
    }

    /** The same with another strategy. */
    public Ring ring(ReplicationStrategy strategy) {
      RingOptions options =
          new RingOptions(
              "case " + number,
              head.number(0),
              Boolean.parseBoolean(head.word(1)),
              Duration.ofMinutes(1),
              strategy,
              Set.of());
      return Ring.of(
          options,
          "0",
          Instant.EPOCH,
          entries("instance").stream().map(Vectors::instance).toList());
    }
  }

  /** Lines of a file without comments. */
  public static List<Line> lines(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Line::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cases of a file, each begun by a line about {@code head}. */
  public static List<Case> cases(String file, String head) {
    List<Case> cases = new ArrayList<>();
    for (Line line : lines(file)) {
      if (line.about().equals(head)) {
        cases.add(new Case(cases.size(), line, new ArrayList<>()));
      } else {
        cases.get(cases.size() - 1).lines().add(line);
      }
    }
    return cases;
  }

  /** Tokens, ids: what stands between commas. */
  public static List<String> list(String word) {
    return word.equals("-") ? List.of() : Arrays.asList(word.split(",", -1));
  }

  public static Tokens tokens(String word) {
    return Tokens.of(list(word).stream().mapToLong(Long::parseLong).toArray());
  }

  /** An operation from its bits (reference/ring-semantics.md 5.3). */
  public static Operation operation(String hexadecimal) {
    int bits = Integer.parseUnsignedInt(hexadecimal, 16);
    return new Operation(hexadecimal, states(bits), states(bits >>> 16));
  }

  private static Set<InstanceState> states(int bits) {
    Set<InstanceState> states = EnumSet.noneOf(InstanceState.class);
    for (int number = 0; number < BY_NUMBER.length; number++) {
      if ((bits >> number & 1) == 1) {
        states.add(BY_NUMBER[number]);
      }
    }
    return states;
  }

  private static InstanceDesc entry(Line line) {
    String id = line.word(0);
    return InstanceDesc.of(id, id, line.word(1).equals("-") ? "" : line.word(1))
        .withState(InstanceState.valueOf(line.word(2)))
        .withTimestamp(Long.parseLong(line.word(3)), 0)
        .withRegistered(Long.parseLong(line.word(4)))
        .withReadOnly(
            new InstanceDesc.ReadOnly(line.word(5).equals("ro"), Long.parseLong(line.word(6))))
        .withTokens(tokens(line.word(7)));
  }

  private static Instance instance(InstanceDesc desc) {
    Health health =
        desc.timestamp() == 1
            ? new Health(false, Optional.of(Health.Reason.HEARTBEAT), Instant.EPOCH, "expired")
            : new Health(true, Optional.empty(), Instant.EPOCH, "");
    return new Instance(desc, desc.tokens(), health, Instant.EPOCH, false);
  }
}
