// Locks and unlocks one path a given number of times, for counting its system calls from outside.
// lock_cycles fenced|fenced-without-mirror|compat|listened-to COUNT LOCK
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
  for (int left = std::atoi(argv[2]); left > 0; --left) {
    lock.lock();
    lock.unlock();
  }
  return 0;
}
