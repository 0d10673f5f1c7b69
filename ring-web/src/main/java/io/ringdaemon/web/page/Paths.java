package io.ringdaemon.web.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of pages. */
final class Paths {
  private Paths() {}

  static String ring(String name) {
    return "/" + escape(name) + "/ring";
  }

  static String instance(String ring, String id) {
    return ring(ring) + "?instance=" + escape(id);
  }

  static String confirm(String ring, String id) {
    return ring(ring) + "?confirm=" + escape(id);
  }

  static String viewKey(String key) {
    return "/memberlist?viewKey=" + escape(key);
  }

  static String deleteKey(String key) {
    return "/memberlist?deleteKey=" + escape(key);
  }

  static String viewMessage(long id) {
    return "/memberlist?viewMsg=" + id;
  }

  /** Where an open page hears of changes. */
  static String watch(String ring) {
    return ring.isEmpty() ? "/watch" : "/watch?ring=" + escape(ring);
  }

  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
