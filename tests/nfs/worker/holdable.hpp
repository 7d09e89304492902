#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>

#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"
#include "line.hpp"

namespace leaselock::nfs {

/// What a worker contends for, whichever class of the library that is. What exactly it asks for at its next turn (one
/// slot or all, to read or to write) it draws for itself.
class Holdable {
 public:
  virtual ~Holdable() = default;

  virtual void take(std::error_code& error) = 0;
  virtual void give_back(std::error_code& error) = 0;
  /// Where the class has no such thing: as give_back().
  virtual void destroy(std::error_code& error) { give_back(error); }
  virtual void refresh(std::error_code& error) = 0;
  /// Becomes a writer where it reads and a reader where it writes, if it drew that. False: it stays what it is.
  virtual bool change(std::error_code& error) = 0;

  virtual bool is_shared() const { return false; }
  virtual bool may_act() const = 0;
  virtual std::chrono::nanoseconds remaining() const = 0;
  virtual PredecessorEnd predecessor() const = 0;
  /// Adds the token, and where there are such things the slots and whether it is shared.
  virtual void tell(EventLine& line) const = 0;
};

/// `mode`: one of a lock's (lock_options.hpp), "slots-N" or "shared". Throws UsageError for another one.
std::unique_ptr<Holdable> make_holdable(const std::string& mode, const std::string& lockfile,
                                        const LockOptions& options, std::uint64_t seed);

}  // namespace leaselock::nfs
