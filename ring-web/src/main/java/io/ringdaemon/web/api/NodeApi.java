package io.ringdaemon.web.api;

import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** This node and the mesh around it. */
final class NodeApi {
  private static final System.Logger log = System.getLogger(NodeApi.class.getName());
  private static final int MOST_ADDRESSES = 100;

  private record Member(
      String name,
      String addr,
      String state,
      String zone,
      String lastContact,
      String since,
      String life,
      String httpAddress,
      String release,
      boolean self) {
    static Member of(MemberStatus member) {
      return new Member(
          member.name(),
          member.addr(),
          member.state(),
          member.zone(),
          Json.time(member.lastContact()),
          Json.time(member.since()),
          Json.time(member.life()),
          member.httpAddress(),
          member.release(),
          member.self());
    }
  }

  private record Members(List<Member> members) {}

  private record Join(@Nullable List<@Nullable String> addresses) {}

  private record Contact(String address, boolean contacted, String reason) {}

  private record Contacted(int contacted, List<Contact> results) {
    private static Contacted of(Map<String, String> outcome) {
      List<Contact> results =
          outcome.entrySet().stream()
              .map(one -> new Contact(one.getKey(), one.getValue().isEmpty(), one.getValue()))
              .toList();
      return new Contacted((int) results.stream().filter(Contact::contacted).count(), results);
    }
  }

  private record Status(String status) {}

  private record Version(String name, String release, String java, String node) {}

  private final Service service;

  NodeApi(Service service) {
    this.service = service;
  }

  Response members(Request request) {
    return Json.response(200, new Members(service.members().stream().map(Member::of).toList()));
  }

  CompletionStage<Response> join(Request request) {
    List<@Nullable String> addresses = Json.read(request.body(), Join.class).addresses();
    if (addresses == null || addresses.isEmpty() || addresses.size() > MOST_ADDRESSES) {
      throw HttpProblem.badRequest(
          "addresses is a list of 1 to " + MOST_ADDRESSES + " texts, host:port");
    }
    for (String address : addresses) {
      if (address == null || address.isBlank()) {
        throw HttpProblem.badRequest("an address is host:port, not empty");
      }
    }
    return service
        .join(addresses.stream().map(String::valueOf).toList())
        .thenApply(outcome -> Json.response(200, Contacted.of(outcome)));
  }

  /** Answers before it is done: afterwards there is nobody left to answer. */
  Response leave(Request request) {
    log.log(System.Logger.Level.INFO, "leaving: asked by " + request.actor());
    service
        .leave()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                log.log(System.Logger.Level.ERROR, "leaving failed", failure);
              }
            });
    return Json.response(202, new Status("leaving"));
  }

  Response live(Request request) {
    return Response.text(200, "live\n");
  }

  Response ready(Request request) {
    List<String> reasons = service.notReady();
    if (reasons.isEmpty()) {
      StringBuilder text = new StringBuilder("ready\n");
      service
          .rings()
          .forEach(
              ring ->
                  ring.alerts()
                      .forEach(
                          alert -> text.append("ring %s: %s\n".formatted(ring.name(), alert))));
      return Response.text(200, text.toString());
    }
    throw new HttpProblem(503, "not ready: " + String.join("; ", reasons))
        .ofType("not-ready")
        .with("reasons", reasons);
  }

  Response configuration(Request request) {
    return Response.of(200, "application/yaml; charset=utf-8", service.configuration());
  }

  Response version(Request request) {
    NodeStatus node = service.node();
    return Json.response(
        200,
        new Version(
            "ring-daemon",
            node.release(),
            System.getProperty("java.vm.name") + " " + Runtime.version(),
            node.name()));
  }
}
