#include "posix/spare_inotify.hpp"

#include <sys/inotify.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "posix/fork_generation.hpp"

namespace leaselock::posix {

namespace {

/// A descriptor and the fork generation that it belongs to, in one number: atomics, unlike a mutex, are never left
/// locked in a forked child. Zero is an empty slot.
using Slot = std::uint64_t;

constinit std::array<std::atomic<Slot>, 4> slots{};

Slot pack(int descriptor) { return fork_generation() << 32U | (static_cast<Slot>(descriptor) + 1); }

}  // namespace

FileHandle take_inotify() {
  for (auto& slot : slots) {
    const Slot found = slot.exchange(0);
    if (found == 0) continue;
    FileHandle instance(static_cast<int>((found & 0xFFFFFFFFU) - 1));
    // What a parent left to us is still its own, events included: only our descriptor is closed.
    if (found == pack(instance.get())) return instance;
  }
  return FileHandle(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
}

void give_back_inotify(FileHandle instance) {
  const Slot mine = pack(instance.get());
  for (auto& slot : slots) {
    Slot empty = 0;
    if (slot.compare_exchange_strong(empty, mine)) {
      instance.release();
      return;
    }
  }
}

}  // namespace leaselock::posix
