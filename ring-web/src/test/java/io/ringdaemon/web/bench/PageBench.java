package io.ringdaemon.web.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringdaemon.bench.Measure;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.FakeService;
import io.ringdaemon.web.Site;
import io.ringdaemon.web.Views;
import io.ringdaemon.web.http.LongBody;
import io.ringdaemon.web.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/**
 * What does a page of a ring of 2,000 instances with 512 tokens each cost the server, and what its
 * JSON? From the request to the whole answer, as text or in pieces: no socket, no compression.
 * Three are dead. Goals: the page 30 ms and 100 KB, JSON with all tokens 60 ms (dskit: 475 to 722
 * ms).
 */
public final class PageBench {
  private PageBench() {}

  public static void main(String[] args) {
    Measure.head("pages, 2,000 x 512");
    FakeService service = new FakeService();
    Ring ring = Views.ring("default", 3, sick(Views.many("pod", 2000, 512, "a", "b", "c")));
    service.with(ring, "pod-0001");
    Site site = new Site(service);
    for (String path :
        List.of(
            "/default/ring",
            "/default/ring?page=10&sort=-share&zone=b",
            "/default/ring?q=pod-17&health=healthy",
            "/default/ring?key=hello",
            "/default/ring?instance=pod-0007",
            "/default/ring?ask=unhealthy",
            "/health",
            "/")) {
      measure(path, 200, () -> site.page(path));
    }
    Map<String, String> json = Map.of("accept", "application/json");
    for (String path : List.of("/default/ring", "/default/ring?tokens=false")) {
      measure("JSON " + path, 50, () -> site.ask("GET", path, json, ""));
    }
    for (String path : List.of("/api/v1/rings/default", "/api/v1/rings/default?tokens=true")) {
      measure("JSON " + path, 50, () -> site.get(path));
    }
  }

  private static void measure(String what, int batches, Supplier<Response> answer) {
    String text = Site.text(answer.get());
    String size = "%s: %,d B, gzip %,d B".formatted(what, text.length(), zipped(text));
    System.out.println("  " + size);
    Measure.nanos(what, batches, 1, i -> length(answer.get()));
  }

  /** Pieces are made as the server makes them, and dropped one after the other. */
  private static long length(Response response) {
    LongBody pieces = response.pieces();
    if (pieces == null) {
      return response.body().length();
    }
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(64 << 10);
    try (ByteBufOutputStream out = new ByteBufOutputStream(buffer)) {
      BooleanSupplier more = pieces.begin(out);
      long length = 0;
      while (more.getAsBoolean()) {
        length += drained(buffer);
      }
      return length + drained(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      buffer.release();
    }
  }

  private static int drained(ByteBuf buffer) {
    int bytes = buffer.readableBytes();
    buffer.clear();
    return bytes;
  }

  private static int zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size();
  }

  private static List<Instance> sick(List<Instance> many) {
    List<Instance> some = new ArrayList<>(many);
    for (int i : new int[] {3, 700, 1999}) {
      Instance old = some.get(i);
      some.set(i, Views.instance(old.id(), InstanceState.ACTIVE, old.owned(), old.zone(), "dead"));
    }
    return some;
  }
}
