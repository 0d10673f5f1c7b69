package io.ringdaemon.web.api;

import io.ringdaemon.ring.Instance;

/** An instance as far as those need it who want to ask it. */
record OwnerJson(String id, String addr, String zone, String state) {
  static OwnerJson of(Instance instance) {
    return new OwnerJson(
        instance.id(), instance.desc().addr(), instance.zone(), instance.state().name());
  }
}
