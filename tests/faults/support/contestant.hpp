#pragma once

#include <boost/filesystem/path.hpp>
#include <optional>
#include <string>
#include <variant>

#include "leaselock/leaselock.hpp"

namespace leaselock::faults {

/// The ways to own a path.
enum class Way : std::uint8_t {
  fenced,
  without_mirror,
  without_fast_path,
  for_a_group,  ///< with permissions for the directory's group
  compat,
  one_slot,   ///< of three
  two_slots,  ///< of three
  all_slots,  ///< of three
  writer,
  reader,
};

std::string to_string(Way way);
/// How everybody else is kept out who owns it in this way.
Way exclusive(Way way);

/// Options that make mistakes show soon: a short lease, and next to no grace. Long enough for a slow machine to work
/// in.
LockOptions options_for(Way way);

/// One object that owns a path, or wants to, in any way. Every function throws as the object's own does.
class Contestant {
 public:
  Contestant(Way way, const boost::filesystem::path& path);

  void lock(Duration timeout = Duration::zero());
  /// False when somebody else has it.
  bool try_lock(Duration timeout = Duration::zero());
  void unlock();
  void refresh();
  /// What only some can do.
  Lock& as_lock() { return std::get<Lock>(object_); }
  SharedLock& as_shared_lock() { return std::get<SharedLock>(object_); }
  Semaphore& as_semaphore() { return std::get<Semaphore>(object_); }

  bool may_act() const;
  std::optional<FencingToken> fencing_token() const;

 private:
  Way way_;
  std::variant<Lock, Semaphore, SharedLock> object_;
};

/// Takes the path in a child process, which then dies without a word.
void leave_dead_holder(Way way, const boost::filesystem::path& path);

}  // namespace leaselock::faults
