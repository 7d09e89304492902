#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "leaselock/keep_alive.hpp"
#include "leaselock/lock.hpp"
#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"

namespace leaselock::tool {

enum class HoldKind { lock, slots, shared, exclusive };
/// In one word, as markers have it: "lock", "slots", "shared", "exclusive".
std::string to_string(HoldKind kind);

/// What a run is to hold.
struct HoldRequest {
  HoldKind kind = HoldKind::lock;
  std::uint32_t slots = 1;  ///< that the semaphore has
  std::uint32_t take = 1;   ///< of them
};

/// What a run holds while its command runs: a Lock, slots of a Semaphore, or a SharedLock, for reading or writing.
class HeldLock {
 public:
  /// Throws: LockError (Errc::invalid_options).
  HeldLock(const boost::filesystem::path& lockfile, const HoldRequest& request, LockOptions options);

  /// As Lock::lock(), the throwing form.
  void lock();
  /// Afterwards the lock belongs to the KeepAlive.
  void keep_alive(std::optional<KeepAlive>& keep, const KeepAliveOptions& how);
  /// As Lock::destroy(); of a plain lock only.
  void destroy();

  Duration remaining() const;
  Predecessor predecessor() const;
  /// What is held: the slots of a semaphore, otherwise one whose index means nothing. Empty without fencing tokens. No
  /// I/O.
  std::vector<Slot> held() const;

 private:
  using AnyLock = std::variant<Lock, Semaphore, SharedLock>;
  static AnyLock make(const boost::filesystem::path& lockfile, const HoldRequest& request, LockOptions options);

  HoldRequest request_;
  AnyLock lock_;
};

/// Their tokens, and their indices, with blanks between them.
std::string tokens_of(const std::vector<Slot>& held);
std::string indices_of(const std::vector<Slot>& held);

/// Which options of `run` fit what LOCK is, after Errc::different_purpose. Empty where that cannot be seen. I/O.
std::string advice_on_purpose(const boost::filesystem::path& lockfile, const LockOptions& options);

}  // namespace leaselock::tool
