package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;

/** Something that happened in a ring. */
record EventJson(String at, String kind, String instance, String text) {
  static EventJson of(RingStatus.Event event) {
    return new EventJson(Json.time(event.at()), event.kind(), event.instance(), event.text());
  }
}
