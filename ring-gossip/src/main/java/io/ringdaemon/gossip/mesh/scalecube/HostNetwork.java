package io.ringdaemon.gossip.mesh.scalecube;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What this host knows of its networks. Blocks for moments: off the loop. */
interface HostNetwork {
  /** The address that the system would send from to reach {@code to}; nothing without a route. */
  Optional<InetAddress> towards(InetAddress to);

  /** Addresses of all interfaces that are up and not loopback, in the order of their index. */
  List<Place> places();

  /** An address and the interface that has it. */
  record Place(String interfaceName, InetAddress ip) {}

  /** The host we run on. */
  HostNetwork SYSTEM =
      new HostNetwork() {
        @Override
        public Optional<InetAddress> towards(InetAddress to) {
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(to, 9)); // sends nothing: only asks for the route
            return Optional.of(socket.getLocalAddress());
          } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
          }
        }

        @Override
        public List<Place> places() {
          List<Place> places = new ArrayList<>();
          try {
            List<NetworkInterface> all = Collections.list(NetworkInterface.getNetworkInterfaces());
            all.sort(Comparator.comparingInt(NetworkInterface::getIndex));
            for (NetworkInterface one : all) {
              if (one.isUp() && !one.isLoopback()) {
                one.inetAddresses().forEach(ip -> places.add(new Place(one.getName(), ip)));
              }
            }
          } catch (SocketException none) {
            return places; // as if there were no interface: the caller says what to do
          }
          return places;
        }
      };
}
