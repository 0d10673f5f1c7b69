package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A drawing of the circle: outside who owns which part, inside how much that is for each instance
 * (or zone) in all, with the letter it has in the table. Key 0 is on top; keys grow clockwise. What
 * can't serve is hatched.
 *
 * @param legend letters and what they stand for, where the table doesn't say
 * @param other address of the drawing by zones, or back; empty: nobody has a zone
 */
public record Circle(
    List<Piece> pieces,
    List<Letter> letters,
    String pointer,
    String words,
    boolean byZone,
    List<Legend> legend,
    String other) {
  /** Instances beyond which a drawing says nothing any more. */
  static final int MOST_INSTANCES = 24;

  private static final double CENTER = 180;
  private static final int FINEST = 720;

  /** A part of a band. */
  public record Piece(String path, String style, boolean hatched, String title) {}

  /** A letter and where it stands. */
  public record Letter(String text, String x, String y) {}

  /** What a letter stands for. */
  public record Legend(String letter, String style, String name) {}

  private record Span(double from, double to, Instance owner) {}

  /** Numbers what shares a colour: instances, or zones. */
  private record Groups(List<String> names, boolean byZone) {
    static Groups of(Ring ring, boolean byZone) {
      return new Groups(
          byZone ? ring.zones() : ring.instances().stream().map(Instance::id).toList(), byZone);
    }

    int of(Instance owner) {
      return Math.max(0, names.indexOf(byZone ? owner.zone() : owner.id()));
    }

    String name(int group) {
      return names.get(group).isEmpty() ? "no zone" : Words.shown(names.get(group));
    }
  }

  static Circle of(Ring ring, OptionalLong key, RingQuery query) {
    boolean zones = ring.zones().stream().anyMatch(zone -> !zone.isEmpty());
    boolean byZone = query.byZone() && zones;
    Groups groups = Groups.of(ring, byZone);
    List<Piece> pieces = new ArrayList<>();
    for (Span span : outer(ring.arcs())) {
      String title =
          "%s: %s, keys %s to %s (%s)"
              .formatted(
                  letter(groups.of(span.owner)),
                  owner(span.owner, byZone),
                  key(span.from),
                  key(span.to),
                  Words.percent(span.to - span.from));
      pieces.add(piece(span, 126, 170, groups, title));
    }
    List<Letter> letters = new ArrayList<>();
    for (Span span : inner(ring, byZone)) {
      int group = groups.of(span.owner);
      String title =
          "%s: %s, %s in all"
              .formatted(letter(group), groups.name(group), Words.percent(span.to - span.from));
      pieces.add(piece(span, 84, 118, groups, title));
      if (span.to - span.from > 0.03) {
        double middle = (span.from + span.to) / 2;
        letters.add(new Letter(letter(group), number(x(middle, 101)), number(y(middle, 101))));
      }
    }
    String pointer = key.isPresent() ? pointer(key.getAsLong() / 4294967296.0) : "";
    List<Legend> legend =
        byZone
            ? IntStream.range(0, groups.names().size())
                .mapToObj(i -> new Legend(letter(i), colour(i), groups.name(i)))
                .toList()
            : List.of();
    String other = zones ? query.but("by", byZone ? "" : "zone") : "";
    return new Circle(pieces, letters, pointer, words(ring), byZone, legend, other);
  }

  private static String owner(Instance owner, boolean byZone) {
    return Words.shown(owner.id())
        + (byZone && !owner.zone().isEmpty() ? " in " + Words.shown(owner.zone()) : "");
  }

  /** The key at a part of the circle. */
  private static String key(double at) {
    return String.format(Locale.ROOT, "%,d", Math.round(at * 4294967296.0) & 0xFFFFFFFFL);
  }

  /** A to Z, then a, b, …: by the order of ids. */
  static String letter(int ordinal) {
    return ordinal < 26 ? String.valueOf((char) ('A' + ordinal)) : Integer.toString(ordinal + 1);
  }

  /** Class of an instance's colour. */
  static String colour(int ordinal) {
    return "c" + ordinal % 8;
  }

  private static String words(Ring ring) {
    double[] shares = ring.shares();
    StringBuilder words = new StringBuilder("Shares of the circle:");
    for (int i = 0; i < shares.length; i++) {
      words
          .append(i == 0 ? " " : ", ")
          .append(Words.shown(ring.instances().get(i).id()))
          .append(' ')
          .append(Words.percent(shares[i]));
    }
    return words.toString();
  }

  /** Arcs as they are, or, when they are too many to be seen, who owns each half degree. */
  private static List<Span> outer(List<Ring.Arc> arcs) {
    List<Span> spans = new ArrayList<>();
    if (arcs.size() <= FINEST) {
      for (Ring.Arc arc : arcs) {
        double from = arc.start() / 4294967296.0;
        add(spans, new Span(from, from + arc.length() / 4294967296.0, arc.owner()));
      }
      return spans;
    }
    int at = 0;
    for (int step = 0; step < FINEST; step++) {
      long key = (1L << 32) * (2L * step + 1) / (2L * FINEST);
      while (at < arcs.size() && arcs.get(at).end() <= key) {
        at++;
      }
      Instance owner = arcs.get(at % arcs.size()).owner();
      add(spans, new Span((double) step / FINEST, (step + 1.0) / FINEST, owner));
    }
    return spans;
  }

  private static void add(List<Span> spans, Span next) {
    Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (last != null && last.owner.id().equals(next.owner.id()) && last.to == next.from) {
      spans.set(spans.size() - 1, new Span(last.from, next.to, next.owner));
    } else {
      spans.add(next);
    }
  }

  /** Shares, those of a zone side by side if that is asked for. */
  private static List<Span> inner(Ring ring, boolean byZone) {
    double[] shares = ring.shares();
    List<Span> spans = new ArrayList<>();
    double from = 0;
    for (String zone : byZone ? ring.zones() : List.of("")) {
      double share = 0;
      Instance last = null;
      for (int i = 0; i < shares.length; i++) {
        Instance owner = ring.instances().get(i);
        if (byZone && owner.zone().equals(zone)) {
          share += shares[i];
          last = owner.health().healthy() || last == null ? owner : last;
        } else if (!byZone && shares[i] > 0) {
          spans.add(new Span(from, from + shares[i], owner));
          from += shares[i];
        }
      }
      if (last != null && share > 0) {
        spans.add(new Span(from, from + share, last));
        from += share;
      }
    }
    return spans;
  }

  private static Piece piece(
      Span span, double inside, double outside, Groups groups, String title) {
    return new Piece(
        sector(span.from, span.to, inside, outside),
        colour(groups.of(span.owner)),
        !span.owner.health().healthy(),
        title);
  }

  private static String sector(double from, double to, double inside, double outside) {
    if (to - from > 0.9999) { // an arc from a point to itself draws nothing
      return sector(0, 0.5, inside, outside) + sector(0.5, 0.9998, inside, outside);
    }
    int large = to - from > 0.5 ? 1 : 0;
    return "M%s %sA%s %s 0 %d 1 %s %sL%s %sA%s %s 0 %d 0 %s %sZ"
        .formatted(
            number(x(from, outside)),
            number(y(from, outside)),
            number(outside),
            number(outside),
            large,
            number(x(to, outside)),
            number(y(to, outside)),
            number(x(to, inside)),
            number(y(to, inside)),
            number(inside),
            number(inside),
            large,
            number(x(from, inside)),
            number(y(from, inside)));
  }

  /** A triangle that points at the key from outside. */
  private static String pointer(double at) {
    double half = 0.008;
    return "M%s %sL%s %sL%s %sZ"
        .formatted(
            number(x(at, 166)),
            number(y(at, 166)),
            number(x(at - half, 179)),
            number(y(at - half, 179)),
            number(x(at + half, 179)),
            number(y(at + half, 179)));
  }

  private static double x(double turn, double radius) {
    return CENTER + radius * Math.sin(2 * Math.PI * turn);
  }

  private static double y(double turn, double radius) {
    return CENTER - radius * Math.cos(2 * Math.PI * turn);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
