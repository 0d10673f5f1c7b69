package io.ringdaemon.daemon.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Rows under a header, aligned, without frames, at most {@link #WIDEST} columns: the widest cells
 * are cut with "…" (JSON has them whole). A column in which no row has anything is left out.
 */
final class Table {
  static final int WIDEST = 100;
  private static final String GAP = "  ";
  private static final int NARROWEST = 6;
  private static final String RED = "\033[31m";
  private static final String GREEN = "\033[32m";
  private static final String YELLOW = "\033[33m";
  private static final String BOLD = "\033[1m";
  private static final String PLAIN = "\033[0m";
  private static final Map<String, String> COLOURS =
      Map.of(
          "healthy",
          GREEN,
          "ACTIVE",
          GREEN,
          "alive",
          GREEN,
          "unhealthy",
          RED,
          "dead",
          RED,
          "LEAVING",
          YELLOW,
          "PENDING",
          YELLOW,
          "JOINING",
          YELLOW,
          "suspect",
          YELLOW);

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    this.header = List.of(header);
  }

  Table row(String... cells) {
    rows.add(Arrays.stream(cells).map(Table::printable).toList());
    return this;
  }

  /** Without colours. */
  String text() {
    return text(false);
  }

  /** {@code coloured}: what is well in green, what isn't in red or yellow. */
  String text(boolean coloured) {
    int[] shown = IntStream.range(0, header.size()).filter(this::used).toArray();
    int[] widths = widths(shown);
    var text = new StringBuilder();
    line(text, header, shown, widths, false);
    rows.forEach(row -> line(text, row, shown, widths, coloured));
    return text.toString();
  }

  private boolean used(int column) {
    return rows.isEmpty() || rows.stream().anyMatch(row -> !row.get(column).isEmpty());
  }

  private int[] widths(int[] shown) {
    int[] widths =
        Arrays.stream(shown)
            .map(
                c ->
                    Math.max(
                        header.get(c).length(),
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0)))
            .toArray();
    int excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - WIDEST;
    for (; excess > 0; excess--) {
      int widest =
          IntStream.range(0, widths.length)
              .reduce((a, b) -> widths[b] >= widths[a] ? b : a)
              .orElseThrow();
      widths[widest] = Math.max(NARROWEST, widths[widest] - 1);
    }
    return widths;
  }

  private void line(
      StringBuilder text, List<String> cells, int[] shown, int[] widths, boolean coloured) {
    var line = new StringBuilder();
    for (int i = 0; i < shown.length; i++) {
      String cell = cells.get(shown[i]);
      String cut = cell.length() <= widths[i] ? cell : cell.substring(0, widths[i] - 1) + "…";
      String colour = coloured ? colour(header.get(shown[i]), cell) : "";
      line.append(i == 0 ? "" : GAP)
          .append(colour)
          .append(cut)
          .append(colour.isEmpty() ? "" : PLAIN)
          .append(" ".repeat(widths[i] - cut.length()));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** By the column's meaning, so that no instance's name is taken for a state. */
  private static String colour(String column, String cell) {
    return switch (column) {
      case "HEALTH", "STATE", "IS" -> COLOURS.getOrDefault(cell, "");
      case "READ-ONLY" -> cell.isEmpty() ? "" : YELLOW;
      case "ROLE" -> cell.isEmpty() ? "" : BOLD;
      case "LEADER" -> cell.equals("nobody") ? RED : "";
      default -> "";
    };
  }

  /** The text of a field, empty if it isn't there. */
  static String field(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  /** Text from elsewhere, unable to steer the terminal. */
  static String printable(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }
}
