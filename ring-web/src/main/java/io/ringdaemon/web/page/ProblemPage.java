package io.ringdaemon.web.page;

import io.ringdaemon.web.Service;
import java.util.List;

/**
 * An error, for people.
 *
 * @param rings where else to look
 */
public record ProblemPage(
    Frame frame, int status, String title, String detail, List<Frame.Link> rings, String back) {

  /** {@code back}: where the way out leads. */
  public static String render(
      Service service, int status, String title, String detail, String back) {
    Frame frame = Frame.of(service, back, title, "").still();
    return Templates.render(
        "problem",
        new ProblemPage(
            frame,
            status,
            title,
            Words.sentence(detail),
            status == 404
                ? frame.links().stream().filter(link -> link.href().endsWith("/ring")).toList()
                : List.of(),
            back));
  }
}
