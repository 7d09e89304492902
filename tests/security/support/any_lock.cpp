#include "any_lock.hpp"

#include <utility>

namespace leaselock::testing {

namespace {

template <class Call>
std::error_code outcome(Call call) {
  std::error_code error;
  call(error);
  return error;
}

/// Lock and SharedLock.
template <class Kept>
class OneLock final : public AnyLock {
 public:
  OneLock(const boost::filesystem::path& path, LockOptions options) : lock_(path, std::move(options)) {}
  std::error_code take() override {
    return outcome([&](std::error_code& error) { lock_.lock(Duration::zero(), error); });
  }
  std::error_code refresh() override {
    return outcome([&](std::error_code& error) { lock_.refresh(error); });
  }
  std::error_code give_back() override {
    return outcome([&](std::error_code& error) { lock_.unlock(error); });
  }
  bool may_act() const override { return lock_.may_act(); }

 private:
  Kept lock_;
};

class OneSlot final : public AnyLock {
 public:
  OneSlot(const boost::filesystem::path& path, LockOptions options) : semaphore_(path, 2, std::move(options)) {}
  std::error_code take() override {
    return outcome([&](std::error_code& error) { semaphore_.acquire(1, Duration::zero(), error); });
  }
  std::error_code refresh() override {
    return outcome([&](std::error_code& error) { semaphore_.refresh(error); });
  }
  std::error_code give_back() override {
    return outcome([&](std::error_code& error) { semaphore_.release(error); });
  }
  bool may_act() const override { return semaphore_.may_act(); }

 private:
  Semaphore semaphore_;
};

}  // namespace

LockOptions options_of(Kind kind, LockOptions options) {
  options.mode = kind == Kind::compat ? Mode::compat : Mode::fenced;
  return options;
}

std::unique_ptr<AnyLock> make_lock(Kind kind, const boost::filesystem::path& path, LockOptions options) {
  options = options_of(kind, std::move(options));
  if (kind == Kind::semaphore) return std::make_unique<OneSlot>(path, std::move(options));
  if (kind == Kind::shared) return std::make_unique<OneLock<SharedLock>>(path, std::move(options));
  return std::make_unique<OneLock<Lock>>(path, std::move(options));
}

std::error_code wait_for_all(Kind kind, const boost::filesystem::path& path, LockOptions options) {
  options = options_of(kind, std::move(options));
  return outcome([&](std::error_code& error) {
    if (kind == Kind::semaphore) {
      Semaphore(path, 2, options).acquire(2, error);
    } else if (kind == Kind::shared) {
      SharedLock(path, options).lock(error);
    } else {
      Lock(path, options).lock(error);
    }
  });
}

std::string outcome_at_gate(Kind kind, const boost::filesystem::path& path, LockOptions options) {
  std::string outcome = "not asked";
  options.timeout = std::chrono::milliseconds(100);
  options.on_trace = [&](const std::string& line) {
    if (line.starts_with("enter ")) outcome = line.substr(line.rfind(": ") + 2);
  };
  const std::error_code error = wait_for_all(kind, path, std::move(options));
  return error == Errc::timed_out ? outcome : error.message();
}

std::string to_string(Kind kind) {
  switch (kind) {
    case Kind::fenced:
      return "fenced";
    case Kind::compat:
      return "compat";
    case Kind::semaphore:
      return "semaphore";
    case Kind::shared:
      return "shared";
  }
  return {};
}

void PrintTo(Kind kind, std::ostream* out) { *out << to_string(kind); }

}  // namespace leaselock::testing
