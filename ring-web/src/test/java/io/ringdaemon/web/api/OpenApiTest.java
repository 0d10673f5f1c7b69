package io.ringdaemon.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.MessageStatus;
import io.ringdaemon.web.Predecessor;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The document tells the truth: about each route there is, and about what really comes back. */
final class OpenApiTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Map<String, String> FORM =
      Map.of("content-type", "application/x-www-form-urlencoded");
  private static final String RING = "/api/v1/rings/{name}";
  private static final String LINE =
      "a:ACTIVE:10,4294967295:z1 b:ACTIVE:2000000000:z2 c:LEAVING:4000000000:z3:dead"
          + " d:PENDING::z1:suspected";

  private static final KeyStatus KEY =
      new KeyStatus("collectors/ring", "ring", 3, 100, 1, 0, Views.NOW, false);
  private static final MessageStatus MESSAGE =
      new MessageStatus(7, Views.NOW, false, "ring-2", "update", 100, List.of("k"), List.of());

  private static final String NOT_READY = "/ready?now";

  /** Who asks for what; a path's parameters are in the target. */
  private record Call(String operation, String target, Map<String, String> headers, String body) {
    Call(String operation, String target) {
      this(operation, target, Map.of(), "");
    }
  }

  private final FakeService service = new FakeService();
  private final Site site = new Site(service);
  private final JsonNode document = JSON.readTree(site.get("/api/v1/openapi.json").body());

  @BeforeEach
  void fill() {
    Ring seen = Views.ring("default", 3, LINE);
    service.with(seen, "a");
    service.put(
        seen,
        service.rings().get(0).leadership(),
        List.of(new RingStatus.Event(Views.NOW, "forgotten", "x", "forgotten by 192.0.2.1")));
    service.with(Views.ring("bare", 3, ""));
    service.with(zoned(), "b");
    service.predecessor = Optional.of(new Predecessor("b", 6, Views.NOW, true));
    service.members.add(
        new MemberStatus(
            "ring-1",
            Views.NOW,
            "127.0.0.1:7946",
            "alive",
            "",
            Views.NOW,
            Views.NOW,
            "",
            "",
            true));
    service.keys.clear();
    service.keys.add(KEY);
    service.gossip = Optional.of(new GossipStatus(3, 0.1, 0.2, 0, "", List.of(MESSAGE)));
  }

  /** As many zones as replicas, so that token ranges exist. */
  private static Ring zoned() {
    List<Instance> some = Views.instances("a:ACTIVE:10:z1 b:ACTIVE:20:z2 c:ACTIVE:30:z3");
    List<InstanceDesc> entries = some.stream().map(Instance::desc).toList();
    return Ring.of(
        new RingOptions("zoned", 3, true, Duration.ofMinutes(1)),
        RingDesc.of(entries).version(),
        Views.NOW,
        some);
  }

  @Test
  void documentNamesEveryRouteAndNoOther() {
    SortedSet<String> documented = new TreeSet<>();
    document
        .path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, operation) ->
                        documented.add(method.toUpperCase(Locale.ROOT) + " " + path)));

    assertThat(documented).isEqualTo(site.router.routes());
  }

  @Test
  void everyOperationAnswersAsDocumented() {
    SortedSet<String> wrong = new TreeSet<>();
    SortedSet<String> called = new TreeSet<>();
    for (Call call : calls()) {
      fill();
      if (call.target.equals(NOT_READY)) {
        service.notReady.add("starting");
      }
      String method = call.operation.substring(0, call.operation.indexOf(' '));
      Response response = site.ask(method, call.target, call.headers, call.body);
      called.add(call.operation + " " + response.status());
      check(call, response).forEach(fault -> wrong.add(method + " " + call.target + ": " + fault));
    }

    assertThat(wrong).isEmpty();
    SortedSet<String> neverSeen = documentedAnswers();
    neverSeen.removeAll(called);
    assertThat(neverSeen).isEmpty();
  }

  /** Every status the document names but those that a fake daemon never has: late and busy. */
  private SortedSet<String> documentedAnswers() {
    SortedSet<String> all = new TreeSet<>();
    document
        .path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, operation) ->
                        operation
                            .path("responses")
                            .propertyNames()
                            .forEach(
                                status ->
                                    all.add(
                                        method.toUpperCase(Locale.ROOT)
                                            + " "
                                            + path
                                            + " "
                                            + status))));
    all.removeIf(one -> one.endsWith(" 504") || one.endsWith(" 409") || one.endsWith(" default"));
    return all;
  }

  /** What differs from the document. */
  private List<String> check(Call call, Response response) {
    int space = call.operation.indexOf(' ');
    String method = call.operation.substring(0, space).toLowerCase(Locale.ROOT);
    JsonNode operation =
        document.path("paths").path(call.operation.substring(space + 1)).path(method);
    JsonNode answers = operation.path("responses");
    JsonNode answer = answers.path(Integer.toString(response.status()));
    if (answer.isMissingNode()) {
      return List.of("status " + response.status() + " is not documented: " + response.body());
    }
    answer = resolved(answer);
    List<String> faults = new ArrayList<>();
    for (String header : answer.path("headers").propertyNames()) {
      if (!response.headers().containsKey(header)) {
        faults.add("lacks " + header);
      }
    }
    String type = response.headers().getOrDefault("Content-Type", "").replaceAll(";.*", "");
    JsonNode content = answer.path("content");
    if (response.stream() != null || type.isEmpty()) {
      boolean known = type.isEmpty() ? content.isEmpty() : content.has(type);
      return known ? faults : List.of("type " + type);
    }
    if (!content.has(type)) {
      return List.of("type " + type + " is not documented for " + response.status());
    }
    JsonNode schema = content.path(type).path("schema");
    if (type.endsWith("json")) {
      schema(schema).validate(JSON.readTree(Site.text(response))).stream()
          .map(Error::toString)
          .forEach(faults::add);
    }
    return faults;
  }

  private JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asString("");
    return ref.isEmpty() ? node : document.at(ref.substring(1));
  }

  /** The schema within the document, with no member allowed that it doesn't name. */
  private Schema schema(JsonNode schema) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.forEachEntry(whole::set);
    whole.set("components", document.path("components").deepCopy());
    close(whole);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiTest::close);
  }

  private List<Call> calls() {
    String ring = "/api/v1/rings/default";
    Map<String, String> stream = Map.of("accept", "text/event-stream");
    Map<String, String> json = Map.of("accept", "application/json");
    Map<String, String> stale = Map.of("if-match", "\"older\"");
    Map<String, String> known = Map.of("if-none-match", "*");
    Map<String, String> html = Map.of("accept", "text/html");
    List<Call> calls = new ArrayList<>();
    calls.add(new Call("GET /api/v1/rings", "/api/v1/rings"));
    calls.add(new Call("GET " + RING, ring));
    calls.add(new Call("GET " + RING, ring + "?tokens=true"));
    calls.add(new Call("GET " + RING, ring + "?index=99&wait=1s"));
    calls.add(new Call("GET " + RING, ring, known, ""));
    calls.add(new Call("GET " + RING, "/api/v1/rings/nobody"));
    calls.add(new Call("GET " + RING + "/instances", ring + "/instances?tokens=true"));
    calls.add(new Call("GET " + RING + "/instances", ring + "/instances", known, ""));
    calls.add(new Call("DELETE " + RING + "/instances", ring + "/instances?unhealthy=true"));
    calls.add(new Call("DELETE " + RING + "/instances", ring + "/instances"));
    calls.add(
        new Call("DELETE " + RING + "/instances", ring + "/instances?unhealthy=true", stale, ""));
    calls.add(new Call("GET " + RING + "/instances/{id}", ring + "/instances/c"));
    calls.add(new Call("GET " + RING + "/instances/{id}", ring + "/instances/c", known, ""));
    calls.add(new Call("GET " + RING + "/instances/{id}", ring + "/instances/x"));
    calls.add(new Call("DELETE " + RING + "/instances/{id}", ring + "/instances/c"));
    calls.add(new Call("DELETE " + RING + "/instances/{id}", ring + "/instances/x"));
    calls.add(new Call("DELETE " + RING + "/instances/{id}", ring + "/instances/b", stale, ""));
    String readOnly = ring + "/instances/a/read-only";
    String put = "PUT " + RING + "/instances/{id}/read-only";
    calls.add(new Call(put, readOnly, Map.of(), "true"));
    calls.add(new Call(put, readOnly, Map.of(), "maybe"));
    calls.add(new Call(put, readOnly, stale, "true"));
    calls.add(new Call(put, ring + "/instances/x/read-only", Map.of(), "true"));
    calls.add(new Call("GET " + RING + "/owners", ring + "/owners?key=k"));
    calls.add(new Call("GET " + RING + "/owners", ring + "/owners?token=5&operation=read"));
    calls.add(new Call("GET " + RING + "/owners", ring + "/owners"));
    calls.add(new Call("GET " + RING + "/owners", "/api/v1/rings/bare/owners?key=k"));
    calls.add(
        new Call("POST " + RING + "/owners", ring + "/owners", Map.of(), "{\"keys\":[\"a\"]}"));
    calls.add(
        new Call(
            "POST " + RING + "/owners",
            "/api/v1/rings/bare/owners",
            Map.of(),
            "{\"keys\":[\"a\"],\"operation\":\"read\"}"));
    calls.add(new Call("POST " + RING + "/owners", ring + "/owners", Map.of(), "{}"));
    String shard = ring + "/shuffle-shard";
    calls.add(new Call("GET " + RING + "/shuffle-shard", shard + "?identifier=t&size=2"));
    calls.add(
        new Call("GET " + RING + "/shuffle-shard", shard + "?identifier=t&size=2&lookback=12h"));
    calls.add(new Call("GET " + RING + "/shuffle-shard", shard + "?size=2"));
    String ranges = "GET " + RING + "/token-ranges/{id}";
    calls.add(new Call(ranges, "/api/v1/rings/zoned/token-ranges/b"));
    calls.add(new Call(ranges, "/api/v1/rings/zoned/token-ranges/x"));
    calls.add(new Call("GET " + RING + "/ownership", ring + "/ownership"));
    calls.add(new Call("GET " + RING + "/events", ring + "/events"));
    calls.add(new Call("GET " + RING + "/events", ring + "/events", stream, ""));
    calls.add(new Call("GET " + RING + "/leader", ring + "/leader"));
    calls.add(new Call("GET " + RING + "/leader", ring + "/leader?index=99", json, ""));
    calls.add(new Call("GET " + RING + "/leader", "/api/v1/rings/bare/leader"));
    calls.add(new Call("POST " + RING + "/leader/resign", ring + "/leader/resign"));
    calls.add(new Call("POST " + RING + "/leader/resign", ring + "/leader/resign", stale, ""));
    String lease = RING + "/leader/lease";
    calls.add(new Call("POST " + lease, ring + "/leader/lease?holder=h"));
    calls.add(new Call("POST " + lease, ring + "/leader/lease"));
    calls.add(new Call("POST " + lease, "/api/v1/rings/bare/leader/lease?holder=h"));
    calls.add(new Call("DELETE " + lease, ring + "/leader/lease?holder=h"));
    calls.add(new Call("DELETE " + lease, ring + "/leader/lease?holder=nobody"));
    calls.add(new Call("GET /api/v1/members", "/api/v1/members"));
    String join = "POST /api/v1/members/join";
    calls.add(
        new Call(join, "/api/v1/members/join", Map.of(), "{\"addresses\":[\"h:1\",\"h:2\"]}"));
    calls.add(new Call(join, "/api/v1/members/join", Map.of(), "{}"));
    calls.add(new Call("POST /api/v1/leave", "/api/v1/leave"));
    calls.add(new Call("GET /api/v1/openapi.json", "/api/v1/openapi.json"));
    calls.add(new Call("GET /api/v1/openapi.json", "/api/v1/openapi.json", known, ""));
    calls.add(new Call("GET /leader", "/leader"));
    calls.add(new Call("GET /leader", "/leader?ring=zoned"));
    calls.add(new Call("GET /leader", "/leader?ring=bare"));
    calls.add(new Call("GET /live", "/live"));
    calls.add(new Call("GET /ready", "/ready"));
    calls.add(new Call("GET /ready", NOT_READY));
    calls.add(new Call("GET /metrics", "/metrics"));
    calls.add(new Call("GET /config", "/config"));
    calls.add(new Call("GET /config", "/config", html, ""));
    calls.add(new Call("GET /health", "/health", html, ""));
    calls.add(new Call("GET /watch", "/watch?ring=default", stream, ""));
    calls.add(new Call("GET /watch", "/watch?ring=nobody", stream, ""));
    calls.add(new Call("GET /version", "/version"));
    calls.add(new Call("GET /", "/", html, ""));
    calls.add(new Call("GET /api", "/api", html, ""));
    for (String path : List.of("/ring", "/{name}/ring")) {
      String target = path.replace("{name}", "default");
      calls.add(new Call("GET " + path, target, html, ""));
      calls.add(new Call("GET " + path, target, json, ""));
      calls.add(new Call("GET " + path, target + "?tokens=false", json, ""));
      calls.add(new Call("POST " + path, target, FORM, "ask=selected&select=c"));
      calls.add(new Call("POST " + path, target, FORM, "forget=c"));
      calls.add(new Call("POST " + path, target, FORM, "forget=nobody"));
      calls.add(new Call("POST " + path, target, FORM, "forget=a&typed=b"));
    }
    calls.add(new Call("GET /memberlist", "/memberlist", html, ""));
    calls.add(new Call("GET /memberlist", "/memberlist?viewKey=collectors/ring"));
    calls.add(new Call("GET /memberlist", "/memberlist?viewKey=none"));
    String deletion = "deleteKey=collectors/ring&typed=";
    calls.add(new Call("POST /memberlist", "/memberlist", FORM, deletion + "collectors/ring"));
    calls.add(new Call("POST /memberlist", "/memberlist", FORM, deletion + "other"));
    calls.add(new Call("POST /memberlist", "/memberlist", FORM, "deleteKey=none"));
    calls.add(new Call("GET /assets/{file}", "/assets/style.css"));
    calls.add(new Call("GET /assets/{file}", "/assets/none"));
    return calls;
  }
}
