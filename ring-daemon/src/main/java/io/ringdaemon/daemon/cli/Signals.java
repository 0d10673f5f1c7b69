package io.ringdaemon.daemon.cli;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Tells of each TERM, INT, HUP. A shutdown hook would see the first one only, and logging ends
 * while hooks run. sun.misc.Signal is reached by reflection because the compiler, rightly,
 * complains about it; every JDK has it.
 */
final class Signals {
  private Signals() {}

  /** Calls {@code onSignal} with the name of each of these, each time in a thread of its own. */
  static void handle(Consumer<String> onSignal, String... names) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> {
                if (!method.getName().equals("handle")) {
                  return method.invoke(onSignal, args);
                }
                onSignal.accept((String) signal.getMethod("getName").invoke(args[0]));
                return null;
              });
      for (String name : names) {
        Object number = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, number, proxy);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
      // Without it a signal ends the process at once, as it ends any other.
      System.getLogger(Signals.class.getName())
          .log(System.Logger.Level.WARNING, "signals end this process without leaving");
    }
  }
}
