// Locks and unlocks one path a given number of times, for counting its system calls from outside.
// lock_cycles fenced|fenced-without-mirror|compat|listened-to COUNT LOCK
// lock_cycles refused COUNT LOCK: where somebody else holds it
#include <cstdlib>
#include <memory>
#include <string>

#include "leaselock/lock.hpp"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  leaselock::LockOptions options;
  const std::string mode = argv[1];
  if (mode == "compat") options.mode = leaselock::Mode::compat;
  if (mode == "listened-to") {
    options.counters = std::make_shared<leaselock::Counters>();
    options.on_event = [](const leaselock::Event&) {};
  }
  options.mirror = mode != "fenced-without-mirror";
  leaselock::Lock lock(argv[3], options);
  const int count = std::atoi(argv[2]);
  for (int left = mode == "refused" ? count : 0; left > 0; --left) {
    if (lock.try_lock()) return 1;
  }
  for (int left = mode == "refused" ? 0 : count; left > 0; --left) {
    lock.lock();
    lock.unlock();
  }
  return 0;
}
