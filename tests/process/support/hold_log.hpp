#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "leaselock/lock.hpp"

/// What holders write down while they hold, on the monotonic clock that all processes of a host share, so that the
/// number of overlaps is counted from records and not assumed. One line a record, flushed at once: a killed holder's
/// interval ends with its last record. peer.py writes the same lines.
namespace leaselock::testing {

class HoldLog {
 public:
  explicit HoldLog(const boost::filesystem::path& file);
  ~HoldLog();
  HoldLog(const HoldLog&) = delete;
  HoldLog& operator=(const HoldLog&) = delete;

  /// Records the hold of a Lock, Semaphore or SharedLock that was just taken, until `length` has passed or it may not
  /// act any more. Returns false in the latter case. The caller unlocks after this.
  template <class Held>
  bool record(const Held& held, Duration length) {
    return record(
        held.fencing_token().value_or(0), [&] { return held.may_act(); }, length);
  }

 private:
  bool record(std::uint64_t token, const std::function<bool()>& may_act, Duration length);
  void write(std::uint64_t token, std::int64_t moment) const;

  int file_;
  std::uint64_t serial_ = 0;
};

struct RecordedHold {
  std::int64_t thread = 0;
  std::uint64_t serial = 0;
  std::uint64_t token = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// In order of their first records.
std::vector<RecordedHold> read_holds(const boost::filesystem::path& file);

/// How many holds began before an earlier one had ended.
std::size_t overlaps(const std::vector<RecordedHold>& holds);
/// The largest number of holds that went on at one time.
std::size_t most_at_once(const std::vector<RecordedHold>& holds);
/// How many holds came after one of somebody else.
std::size_t turns(const std::vector<RecordedHold>& holds);
/// How many holds have a token that is not greater than that of the hold before.
std::size_t token_inversions(const std::vector<RecordedHold>& holds);

}  // namespace leaselock::testing
