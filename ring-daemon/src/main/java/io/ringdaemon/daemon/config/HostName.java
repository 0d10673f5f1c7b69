package io.ringdaemon.daemon.config;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This machine's name: the kernel's, and only where that isn't to be had the resolver's, which may
 * take seconds.
 */
final class HostName {
  private HostName() {}

  static String read() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException notLinux) {
      // asked otherwise below
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException nameless) {
      throw new ConfigException("node_name: this host has no name: give one with --node-name=NAME");
    }
  }
}
