package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Daemon;
import io.ringdaemon.daemon.config.ConfigCheck;
import io.ringdaemon.daemon.config.ConfigException;
import io.ringdaemon.daemon.config.DaemonConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On SIGHUP reads the configuration anew, from the same file and options as at the start, and lets
 * the daemon take up what it can. One that is refused changes nothing; each problem is logged.
 */
final class ReloadOnSignal {
  private static final Logger LOG = System.getLogger(ReloadOnSignal.class.getName());

  private final Supplier<DaemonConfig> source;
  private volatile @Nullable Daemon daemon;

  ReloadOnSignal(Supplier<DaemonConfig> source) {
    this.source = source;
  }

  void watch() {
    Signals.handle(this::onSignal, "HUP");
  }

  void started(Daemon running) {
    daemon = running;
  }

  private void onSignal(String name) {
    Daemon running = daemon;
    if (running == null) {
      LOG.log(Level.WARNING, "not started yet, so nothing to reload signal={0}", name);
      return;
    }
    try {
      DaemonConfig next = source.get();
      ConfigCheck.refuseUnstartable(next);
      running.reload(next);
    } catch (ConfigException refused) {
      refused
          .problems()
          .forEach(
              problem -> LOG.log(Level.ERROR, "reload refused, nothing has changed: {0}", problem));
    }
  }
}
