package io.ringdaemon.web.page;

import io.ringdaemon.web.Service;
import java.util.List;

/** The API's document, to read. */
public record ApiPage(Frame frame, String intro, List<Section> sections, List<Shape> shapes) {
  /** Operations that belong together. */
  public record Section(String name, String about, List<Operation> operations) {}

  /**
   * A method of a path.
   *
   * @param role who may: anybody, reader or operator
   * @param body what is sent; empty: nothing
   */
  public record Operation(
      String id,
      String method,
      String path,
      String summary,
      String about,
      String role,
      List<Field> params,
      Kind body,
      List<Answer> answers) {}

  /** A type: text, and the name of the shape it links to; both may be empty. */
  public record Kind(String text, String shape) {}

  /** What may come back. */
  public record Answer(String status, String about, List<Kind> kinds) {}

  /** A parameter, or a member of a shape. */
  public record Field(String name, Kind kind, boolean required, String about) {}

  /** An object of JSON. */
  public record Shape(String name, String about, List<Field> fields) {}

  public static String render(
      Service service, String intro, List<Section> sections, List<Shape> shapes) {
    Frame frame = Frame.of(service, "/api", "API", "").still();
    return Templates.render("api", new ApiPage(frame, intro, sections, shapes));
  }
}
