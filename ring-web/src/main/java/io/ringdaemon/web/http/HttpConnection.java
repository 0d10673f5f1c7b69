package io.ringdaemon.web.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client: puts requests together, has them answered one after the other in the order they came,
 * and refuses what is malformed, too large or too slow. After a refusal the connection closes, but
 * only when the client had a chance to read why.
 *
 * <pre>
 *   READING ──whole request──▶ queue ──turn──▶ BUSY ──response written──▶ next turn
 *      └──malformed, too large, too slow──▶ refusal in the queue ──written──▶ DRAINING ──▶ closed
 * </pre>
 *
 * <p><b>Threading:</b> confined to the channel's event loop. <b>Bounds:</b> a full queue stops
 * reading.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // closing, and writes that close on failure: nobody waits for them
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final int QUEUE = 16;
  private static final long DRAIN_MILLIS = 1000;
  private static final int SMALL = 4 << 10;

  /** A whole request, or the refusal of half a one, and how to answer it. */
  private record Turn(
      @Nullable Request request,
      @Nullable Response refusal,
      boolean headOnly,
      boolean keepAlive,
      boolean old,
      int bytes) {}

  private final SharedState shared;
  private final Deque<Turn> queue = new ArrayDeque<>();
  private @Nullable RequestBuilder building;
  private @Nullable CompletableFuture<Response> work;
  private @Nullable ScheduledFuture<?> look;
  private @Nullable ScheduledFuture<?> closing;
  private long due;
  private boolean awaiting;
  private @Nullable EventConnection events;
  private @Nullable LongAnswer answering;
  private @Nullable Caller caller;
  private boolean busy;
  private boolean draining;

  HttpConnection(SharedState shared) {
    this.shared = shared;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    await(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm(ctx);
    cancel(look);
    cancel(closing);
    forget();
    endLong();
    queue.forEach(turn -> shared.unfinished -= turn.bytes());
    queue.clear();
    EventConnection streaming = events;
    if (streaming != null) {
      shared.streams.decrementAndGet();
      streaming.close();
    }
    CompletableFuture<Response> unanswered = work;
    if (unanswered != null) {
      unanswered.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (draining) {
        return;
      }
      if (message instanceof HttpRequest head) {
        onHead(ctx, head);
      }
      if (message instanceof HttpContent content && !draining) {
        onContent(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
    HttpProblem wrong = RequestBuilder.faultOf(head, shared.limits);
    if (wrong != null) {
      refuse(ctx, wrong);
      return;
    }
    building = new RequestBuilder(head, caller(ctx));
    if (building.expectsContinue() && !busy && queue.isEmpty()) {
      ctx.writeAndFlush(HttpWriter.goOn());
    }
  }

  /** Known after the first byte of a request: TLS is through by then. */
  private Caller caller(ChannelHandlerContext ctx) {
    Caller known = caller;
    if (known == null) {
      String address =
          ctx.channel().remoteAddress() instanceof InetSocketAddress remote
              ? remote.getAddress().getHostAddress()
              : "unknown";
      known = new Caller(address, CertificateNames.of(ctx.pipeline()), Identity.ANYBODY);
      caller = known;
    }
    return known;
  }

  private void onContent(ChannelHandlerContext ctx, HttpContent content) {
    RequestBuilder request = building;
    if (request == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      refuse(ctx, HttpProblem.badRequest("malformed body"));
      return;
    }
    ByteBuf bytes = content.content();
    shared.unfinished += bytes.readableBytes();
    request.add(bytes);
    if (request.bytes() > shared.limits.body()) {
      refuse(ctx, new HttpProblem(413, "a body has at most " + shared.limits.body() + " bytes"));
    } else if (shared.unfinished > shared.limits.unfinishedBodies()) {
      refuse(ctx, new HttpProblem(503, "too many requests at once"));
    } else if (content instanceof LastHttpContent) {
      building = null;
      finish(ctx, request);
    }
  }

  private void finish(ChannelHandlerContext ctx, RequestBuilder built) {
    try {
      Request request = built.build();
      enqueue(
          ctx,
          new Turn(
              request,
              null,
              request.method().equals("HEAD"),
              built.keepAlive(),
              built.old(),
              built.bytes()));
    } catch (HttpProblem e) {
      shared.unfinished -= built.bytes();
      refuse(ctx, e);
    }
  }

  /** Answers {@code problem} after all that came before it, reads no more, then closes. */
  private void refuse(ChannelHandlerContext ctx, HttpProblem problem) {
    shared.bad.increment();
    forget();
    draining = true;
    Response refusal =
        problem.status() == 503
            ? Response.busy(503, problem.detail())
            : Response.problem(problem.status(), problem.detail());
    enqueue(ctx, new Turn(null, refusal, false, false, false, 0));
  }

  private void forget() {
    RequestBuilder given = building;
    if (given != null) {
      shared.unfinished -= given.bytes();
      building = null;
    }
  }

  private void enqueue(ChannelHandlerContext ctx, Turn turn) {
    queue.add(turn);
    if (queue.size() >= QUEUE && !draining) {
      ctx.channel().config().setAutoRead(false);
    }
    if (!busy) {
      next(ctx);
    }
  }

  private void next(ChannelHandlerContext ctx) {
    Turn turn = queue.poll();
    if (turn == null) {
      await(ctx);
      return;
    }
    disarm(ctx);
    if (queue.size() < QUEUE) {
      ctx.channel().config().setAutoRead(true);
    }
    shared.unfinished -= turn.bytes();
    Request request = turn.request();
    Response refusal = turn.refusal();
    if (request == null) {
      write(ctx, turn, refusal == null ? Response.empty(400) : refusal);
      return;
    }
    busy = true;
    CompletableFuture<Response> answer = shared.handler.handle(request).toCompletableFuture();
    work = answer;
    answer.whenComplete(
        (response, failure) -> {
          Response sent = failure == null ? response : Response.problem(500, "failed; see the log");
          if (ctx.executor().inEventLoop()) {
            onAnswer(ctx, turn, sent);
          } else {
            ctx.executor().execute(() -> onAnswer(ctx, turn, sent));
          }
        });
  }

  private void onAnswer(ChannelHandlerContext ctx, Turn turn, Response response) {
    work = null;
    if (!ctx.channel().isActive()) {
      return;
    }
    EventStream stream = response.stream();
    LongBody pieces = response.pieces();
    if (turn.headOnly()) {
      write(ctx, turn, response);
    } else if (pieces != null) {
      if (shared.longAnswers >= LongAnswer.MOST || shared.unsent >= shared.limits.unsent()) {
        write(ctx, turn, Response.busy(503, "too many answers wait for slow readers"));
      } else {
        writeLong(ctx, turn, response, pieces);
      }
    } else if (stream == null) {
      write(ctx, turn, response);
    } else if (shared.streams.get() >= shared.limits.streams()) {
      write(ctx, turn, Response.busy(503, "too many event streams are open"));
    } else {
      stream(ctx, HttpWriter.eventHead(response, turn.old(), shared.release), stream);
    }
  }

  /** The connection belongs to the stream from now on; what else the client sends stays unread. */
  private void stream(ChannelHandlerContext ctx, HttpResponse head, EventStream stream) {
    shared.streams.incrementAndGet();
    ctx.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    EventConnection opened = new EventConnection(ctx, shared.limits.heartbeat(), shared.dropped);
    events = opened;
    opened.begin(stream);
  }

  private void write(ChannelHandlerContext ctx, Turn turn, Response response) {
    busy = true;
    boolean last = !turn.keepAlive() || shared.stopping.getAsBoolean();
    FullHttpResponse message =
        HttpWriter.encode(response, turn.headOnly(), !last, turn.old(), shared.release);
    int size = message.content().readableBytes();
    if (shared.unsent > 0 && shared.unsent + size > shared.limits.unsent() && size > SMALL) {
      message.release();
      write(ctx, turn, Response.busy(503, "too many answers wait for slow readers"));
      return;
    }
    shared.unsent += size;
    ctx.writeAndFlush(message)
        .addListener(
            done -> {
              shared.unsent -= size;
              onWritten(ctx, done.isSuccess(), last);
            });
  }

  /** What a client of HTTP/1.0 gets in pieces ends with the connection. */
  private void writeLong(ChannelHandlerContext ctx, Turn turn, Response response, LongBody pieces) {
    boolean last = turn.old() || !turn.keepAlive() || shared.stopping.getAsBoolean();
    ctx.write(HttpWriter.head(response, !last, turn.old(), shared.release));
    LongAnswer begun =
        new LongAnswer(
            ctx,
            shared,
            pieces,
            end ->
                end.addListener(
                    done -> {
                      endLong();
                      onWritten(ctx, done.isSuccess(), last);
                    }));
    answering = begun;
    shared.longAnswers++;
    begun.go();
  }

  private void endLong() {
    if (answering != null) {
      answering = null;
      shared.longAnswers--;
    }
  }

  private void onWritten(ChannelHandlerContext ctx, boolean well, boolean last) {
    busy = false;
    if (!well) {
      ctx.close();
    } else if (last) {
      drain(ctx);
    } else {
      next(ctx);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    LongAnswer waiting = answering;
    if (waiting != null) {
      waiting.go();
    }
  }

  /** Ends our half; a client still sending would lose the answer if we closed at once. */
  private void drain(ChannelHandlerContext ctx) {
    draining = true;
    queue.forEach(turn -> shared.unfinished -= turn.bytes());
    queue.clear();
    forget();
    disarm(ctx);
    ctx.channel().config().setAutoRead(true);
    if (ctx.channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
    closing = ctx.executor().schedule(() -> close(ctx), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Gives the client a while to send a whole request. */
  private void await(ChannelHandlerContext ctx) {
    disarm(ctx);
    if (shared.stopping.getAsBoolean()) {
      ctx.close();
      return;
    }
    shared.waiting.add(ctx);
    awaiting = true;
    due = now(ctx) + shared.limits.requestTimeout().toNanos();
    if (look == null) {
      lookLater(ctx);
    }
  }

  /** One timer for all requests of a connection: most are answered long before it is due. */
  private void lookLater(ChannelHandlerContext ctx) {
    look = ctx.executor().schedule(() -> look(ctx), due - now(ctx), TimeUnit.NANOSECONDS);
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.executor().ticker().nanoTime();
  }

  private void look(ChannelHandlerContext ctx) {
    look = null;
    if (awaiting && due - now(ctx) > 0) {
      lookLater(ctx);
    } else if (awaiting) {
      tooSlow(ctx);
    }
  }

  private void tooSlow(ChannelHandlerContext ctx) {
    if (building != null) {
      refuse(ctx, new HttpProblem(408, "the request did not arrive in time"));
    } else {
      ctx.close();
    }
  }

  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }

  private void disarm(ChannelHandlerContext ctx) {
    awaiting = false;
    shared.waiting.remove(ctx);
  }

  private static void cancel(@Nullable ScheduledFuture<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    EventConnection streaming = events;
    if ((event == shared || event == HttpServer.RENEW) && streaming != null) {
      streaming.end();
    } else if (event == shared && !busy && queue.isEmpty()) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset connection or a client that takes nothing: nobody is left to tell
  }
}
