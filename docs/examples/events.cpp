// What becomes of a lock, as lines of a log, and how often, as text for Prometheus. The library prints nothing itself.
#include <iostream>
#include <memory>
#include <string>

#include "leaselock/leaselock.hpp"

namespace {

using leaselock::EventKind;

/// Somebody should look at these; the others are for those who want to know.
bool is_a_warning(EventKind kind) {
  return kind == EventKind::lost || kind == EventKind::refresh_failed || kind == EventKind::mirror_lost ||
         kind == EventKind::broke || kind == EventKind::failed;
}

}  // namespace

int main(int, char** words) {
  leaselock::LockOptions options;
  options.counters = std::make_shared<leaselock::Counters>();  // one for many locks, if you like
  options.on_event = [](const leaselock::Event& event) {
    const std::string level = is_a_warning(event.kind) ? "level=warning " : "level=info ";
    std::clog << level + to_string(event) + '\n';
  };

  leaselock::Lock lock(words[1], options);
  {
    const leaselock::Guard hold(lock);
    lock.refresh();
  }

  // Any thread may ask at any time: when Prometheus does, or for a file that node_exporter reads.
  std::cout << leaselock::to_prometheus({{{{"lock", words[1]}}, options.counters->values()}});
}
