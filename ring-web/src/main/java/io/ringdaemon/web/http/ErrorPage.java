package io.ringdaemon.web.http;

/** Words an error for whoever asked: a program or a person. */
@FunctionalInterface
public interface ErrorPage {
  Response of(Request request, HttpProblem problem);

  /** One line of plain text. */
  static ErrorPage plain() {
    return (request, problem) ->
        Response.text(problem.status(), problem.detail() + "\n").with(problem.headers());
  }
}
