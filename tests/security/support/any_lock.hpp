#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <system_error>

#include "leaselock/leaselock.hpp"

namespace leaselock::testing {

/// What an attack is tried on.
enum class Kind { fenced, compat, semaphore, shared };

/// A lock of any kind behind one interface. A shared lock is taken by a writer.
class AnyLock {
 public:
  virtual ~AnyLock() = default;
  AnyLock() = default;
  AnyLock(const AnyLock&) = delete;
  AnyLock& operator=(const AnyLock&) = delete;

  /// One full attempt.
  virtual std::error_code take() = 0;
  virtual std::error_code refresh() = 0;
  virtual std::error_code give_back() = 0;
  virtual bool may_act() const = 0;
};

std::unique_ptr<AnyLock> make_lock(Kind kind, const boost::filesystem::path& path, LockOptions options = {});

/// Waits for all of it, of a semaphore for both slots, as long as the options say, and gives it back.
std::error_code wait_for_all(Kind kind, const boost::filesystem::path& path, LockOptions options);

/// What was said at the gate to somebody who waits for all of it in vain.
std::string outcome_at_gate(Kind kind, const boost::filesystem::path& path, LockOptions options);

/// The options that inspect(), clean() and their like need for this kind.
LockOptions options_of(Kind kind, LockOptions options = {});

std::string to_string(Kind kind);
void PrintTo(Kind kind, std::ostream* out);

}  // namespace leaselock::testing
