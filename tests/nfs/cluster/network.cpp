#include "network.hpp"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <stop_token>

#include "local_command.hpp"

namespace leaselock::cluster {
namespace {

/// A User-Mode Linux that goes idle just when a packet arrives can oversee it until the next timer, up to 200 ms later.
/// A frame of a type that nobody listens to, every 3 ms, wakes all of them.
void keep_awake(const std::stop_token& stop) {
  const int raw = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(if_nametoindex("data"));
  to.sll_halen = 6;
  std::array<std::uint8_t, 60> frame{};
  frame[0] = frame[1] = frame[2] = frame[3] = frame[4] = frame[5] = 0xff;
  frame[6] = 0x02;
  frame[12] = 0x88;  // 0x88b5: for local experiments (IEEE 802)
  frame[13] = 0xb5;
  while (!stop.stop_requested()) {
    sendto(raw, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  close(raw);
}

std::string mac(int network, int number) {
  std::array<char, 18> text{};
  std::snprintf(text.data(), text.size(), "02:00:00:00:%02x:%02x", network, number + 10);
  return text.data();
}

}  // namespace

Network::Network() {
  run_here({"ip", "link", "set", "lo", "up"});
  for (const char* bridge : {"data", "control"}) {
    run_here({"ip", "link", "add", bridge, "type", "bridge"});
    run_here({"ip", "link", "set", bridge, "up"});
  }
  run_here({"ip", "address", "add", "10.77.2.1/24", "dev", "control"});
  waker_ = std::jthread(keep_awake);
}

void Network::add_taps(int number) {
  for (const auto& [tap, bridge] : {std::pair{data_tap(number), "data"}, std::pair{control_tap(number), "control"}}) {
    run_here({"ip", "tuntap", "add", tap, "mode", "tap"});
    run_here({"ip", "link", "set", tap, "master", bridge, "up"});
  }
}

void Network::cut(int number) { run_here({"ip", "link", "set", data_tap(number), "nomaster"}); }
void Network::heal(int number) { run_here({"ip", "link", "set", data_tap(number), "master", "data"}); }

std::string Network::data_mac(int number) { return mac(1, number); }
std::string Network::control_mac(int number) { return mac(2, number); }

}  // namespace leaselock::cluster
