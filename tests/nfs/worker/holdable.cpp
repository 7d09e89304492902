#include "holdable.hpp"

#include <random>
#include <utility>

#include "arguments.hpp"
#include "leaselock/lock.hpp"
#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
#include "lock_options.hpp"

namespace leaselock::nfs {
namespace {

/// What all three classes do in the same way.
template <class Lockable>
class HoldableOf : public Holdable {
 public:
  explicit HoldableOf(Lockable lock, std::uint64_t seed = 0) : lock_(std::move(lock)), random_(seed) {}

  void refresh(std::error_code& error) override { lock_.refresh(error); }
  bool change(std::error_code&) override { return false; }
  bool may_act() const override { return lock_.may_act(); }
  std::chrono::nanoseconds remaining() const override { return lock_.remaining(); }
  PredecessorEnd predecessor() const override { return lock_.predecessor().end; }
  void tell(EventLine& line) const override { line.with("token", lock_.fencing_token().value_or(0)); }

 protected:
  bool one_in(unsigned number) { return random_() % number == 0; }

  Lockable lock_;

 private:
  std::mt19937_64 random_;
};

class HoldableLock : public HoldableOf<Lock> {
 public:
  using HoldableOf::HoldableOf;

  void take(std::error_code& error) override { lock_.lock(error); }
  void give_back(std::error_code& error) override { lock_.unlock(error); }
  void destroy(std::error_code& error) override { lock_.destroy(error); }
};

class HoldableSlots : public HoldableOf<Semaphore> {
 public:
  using HoldableOf::HoldableOf;

  void take(std::error_code& error) override { lock_.acquire(one_in(4) ? lock_.slots() : 1, error); }
  void give_back(std::error_code& error) override { lock_.release(error); }

  void tell(EventLine& line) const override {
    HoldableOf::tell(line);
    std::string slots;
    for (const Slot& slot : lock_.held()) {
      slots += (slots.empty() ? "" : ",") + std::to_string(slot.index) + ':' + std::to_string(slot.token);
    }
    if (!slots.empty()) line.with("slots", slots).with("of", lock_.slots());
  }
};

class HoldableShared : public HoldableOf<SharedLock> {
 public:
  using HoldableOf::HoldableOf;

  void take(std::error_code& error) override { one_in(3) ? lock_.lock(error) : lock_.lock_shared(error); }
  void give_back(std::error_code& error) override { is_shared() ? lock_.unlock_shared(error) : lock_.unlock(error); }

  bool change(std::error_code& error) override {
    if (!one_in(3)) return false;
    if (is_shared()) return lock_.try_upgrade(error);
    lock_.downgrade(error);
    return !error;
  }

  bool is_shared() const override { return lock_.holds_shared(); }
  void tell(EventLine& line) const override {
    HoldableOf::tell(line);
    line.with("shared", std::uint64_t{is_shared()});
  }
};

std::uint32_t slots_in(const std::string& mode) {
  const std::string prefix = "slots-";
  const double slots = mode.starts_with(prefix) ? to_number(mode.substr(prefix.size()), "--mode") : 0;
  if (slots < 1) throw UsageError("unknown mode " + mode);
  return static_cast<std::uint32_t>(slots);
}

}  // namespace

std::unique_ptr<Holdable> make_holdable(const std::string& mode, const std::string& lockfile,
                                        const LockOptions& options, std::uint64_t seed) {
  if (is_mode_of_lock(mode)) return std::make_unique<HoldableLock>(Lock(lockfile, options));
  if (mode == "shared") return std::make_unique<HoldableShared>(SharedLock(lockfile, options), seed);
  return std::make_unique<HoldableSlots>(Semaphore(lockfile, slots_in(mode), options), seed);
}

}  // namespace leaselock::nfs
