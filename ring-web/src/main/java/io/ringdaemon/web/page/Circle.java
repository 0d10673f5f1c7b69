package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A drawing of the circle: outside who owns which part, inside how much that is for each instance
 * in all, with the letter it has in the table. Key 0 is on top; keys grow clockwise. What can't
 * serve is hatched.
 */
public record Circle(List<Piece> pieces, List<Letter> letters, String pointer, String words) {
  /** Instances beyond which a drawing says nothing any more. */
  static final int MOST_INSTANCES = 24;

  private static final double CENTER = 180;
  private static final int FINEST = 720;

  /** A part of a band. */
  public record Piece(String path, String style, boolean hatched, String title) {}

  /** A letter and where it stands. */
  public record Letter(String text, String x, String y) {}

  private record Span(double from, double to, Instance owner) {}

  static Circle of(Ring ring, OptionalLong key) {
    Map<String, Integer> ordinals = new HashMap<>();
    for (int i = 0; i < ring.instances().size(); i++) {
      ordinals.put(ring.instances().get(i).id(), i);
    }
    List<Piece> pieces = new ArrayList<>();
    for (Span span : outer(ring.arcs())) {
      pieces.add(piece(span, 126, 170, ordinals, Words.percent(span.to - span.from)));
    }
    List<Letter> letters = new ArrayList<>();
    for (Span span : inner(ring)) {
      pieces.add(piece(span, 84, 118, ordinals, Words.percent(span.to - span.from) + " in all"));
      if (span.to - span.from > 0.03) {
        double middle = (span.from + span.to) / 2;
        letters.add(
            new Letter(
                letter(ordinals.getOrDefault(span.owner.id(), 0)),
                number(x(middle, 101)),
                number(y(middle, 101))));
      }
    }
    String pointer = key.isPresent() ? pointer(key.getAsLong() / 4294967296.0) : "";
    return new Circle(pieces, letters, pointer, words(ring));
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

  private static List<Span> inner(Ring ring) {
    double[] shares = ring.shares();
    List<Span> spans = new ArrayList<>();
    double from = 0;
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        spans.add(new Span(from, from + shares[i], ring.instances().get(i)));
        from += shares[i];
      }
    }
    return spans;
  }

  private static Piece piece(
      Span span, double inside, double outside, Map<String, Integer> ordinals, String share) {
    int ordinal = ordinals.getOrDefault(span.owner.id(), 0);
    return new Piece(
        sector(span.from, span.to, inside, outside),
        colour(ordinal),
        !span.owner.health().healthy(),
        letter(ordinal) + ": " + Words.shown(span.owner.id()) + ", " + share);
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
