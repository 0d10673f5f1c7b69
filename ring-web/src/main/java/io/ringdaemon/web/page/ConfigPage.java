package io.ringdaemon.web.page;

import io.ringdaemon.web.Service;

/**
 * The configuration in effect: what differs from the defaults, the whole, the defaults. Secrets
 * never get this far.
 */
public record ConfigPage(Frame frame, String difference, String whole, String defaults) {
  static String render(Service service) {
    return Templates.render(
        "config",
        new ConfigPage(
            Frame.of(service, "/config", "Configuration", "").still(),
            service.configurationDifference(),
            service.configuration(),
            service.configurationDefaults()));
  }
}
