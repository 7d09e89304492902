#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "commands.hpp"
#include "leaselock/lock.hpp"
#include "line.hpp"
#include "lock_options.hpp"
#include "mount_counters.hpp"

namespace leaselock::nfs {
namespace {

std::function<void()> operation_named(const std::string& name, Lock& lock) {
  if (name == "lock-unlock") {
    return [&lock] {
      lock.lock();
      lock.unlock();
    };
  }
  if (name == "refresh") {
    lock.lock();
    return [&lock] { lock.refresh(); };
  }
  if (name == "failed-attempt") {
    return [&lock] {
      if (lock.try_lock()) throw std::runtime_error("for a failed attempt somebody else must hold the lock");
    };
  }
  throw UsageError("unknown operation " + name);
}

}  // namespace

int cycle(Arguments arguments) {
  const std::string lockfile = arguments.positional(0, "LOCKFILE");
  const LockOptions options = lock_options(arguments);
  const std::string name = arguments.text("--operation", "lock-unlock");
  const std::int64_t count = arguments.whole("--count", 1);
  const std::int64_t warm = arguments.whole("--warm", 2);
  if (!is_mode_of_lock(arguments.text("--mode", "fenced"))) throw UsageError("cycle is for the modes of a lock only");
  arguments.expect_all_used();
  if (!lockfile.starts_with('/')) throw UsageError("LOCKFILE must be an absolute path");

  Lock lock(lockfile, options);
  const auto operation = operation_named(name, lock);
  for (std::int64_t i = 0; i < warm; ++i) operation();
  const Counters before = counters_of(lockfile);
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < count; ++i) operation();
  const auto elapsed = std::chrono::steady_clock::now() - start;
  const Counters after = counters_of(lockfile);

  const auto us = static_cast<std::uint64_t>(elapsed / std::chrono::microseconds(1));
  EventLine("cycle", name).with("count", static_cast<std::uint64_t>(count)).with("elapsed_us", us).say();
  say_counters(name, difference(before, after));
  lock.unlock(unconditionally);
  return 0;
}

}  // namespace leaselock::nfs
