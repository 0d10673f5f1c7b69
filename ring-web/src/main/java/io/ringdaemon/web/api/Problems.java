package io.ringdaemon.web.api;

import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.ErrorPage;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.page.ProblemPage;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors: {@code application/problem+json} (RFC 9457) for programs, a page for people. */
final class Problems implements ErrorPage {
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Malformed request"),
          Map.entry(401, "Who are you?"),
          Map.entry(403, "Refused"),
          Map.entry(404, "Not found"),
          Map.entry(405, "Method not allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(412, "Changed meanwhile"),
          Map.entry(421, "Wrong host name"),
          Map.entry(429, "Too many logins"),
          Map.entry(500, "Internal error"),
          Map.entry(503, "Not available"),
          Map.entry(504, "Timed out"));

  private final Service service;

  Problems(Service service) {
    this.service = service;
  }

  @Override
  public Response of(Request request, HttpProblem problem) {
    String title = TITLES.getOrDefault(problem.status(), "Error " + problem.status());
    return (request.accepts("text/html")
            ? Response.html(
                problem.status(),
                ProblemPage.render(
                    service, problem.status(), title, problem.detail(), back(request)))
            : Response.of(problem.status(), "application/problem+json", json(title, problem)))
        .with(problem.headers());
  }

  private String back(Request request) {
    return request.pathParams().containsKey("name") || request.path().equals("/ring")
        ? request.path()
        : "/";
  }

  private static String json(String title, HttpProblem problem) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", problem.type().isEmpty() ? "about:blank" : "/problems/" + problem.type());
    members.put("title", title);
    members.put("status", problem.status());
    members.put("detail", problem.detail());
    members.putAll(problem.facts());
    return Json.write(members) + "\n";
  }
}
