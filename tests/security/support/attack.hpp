#pragma once

#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <functional>
#include <string>

#include "any_lock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"
#include "witness.hpp"

namespace leaselock::testing {

namespace fs = boost::filesystem;

/// A lock in a directory of its own, and another directory that must stay as it is.
class Attack : public ::testing::TestWithParam<Kind> {
 protected:
  fs::path path() const { return directory / "lock"; }
  fs::path fence() const { return directory / "lock|fence"; }
  bool has_fence() const { return GetParam() != Kind::compat; }
  bool has_lock_file() const { return GetParam() == Kind::fenced || GetParam() == Kind::compat; }
  std::unique_ptr<AnyLock> lock(LockOptions options = {}) const {
    return make_lock(GetParam(), path(), std::move(options));
  }

  /// The claim at the lock path's side; empty where there is none.
  fs::path claim() const {
    for (const std::string& name : directory.names()) {
      if (name.starts_with("lock|") && name.find("|fence") == name.npos && name.find("|gate") == name.npos) {
        return directory / name;
      }
    }
    return {};
  }
  /// The only name in the fence directory that is a baton.
  fs::path baton() const {
    for (const std::string& name : directory.names()) {
      if (name.starts_with("lock|fence/b|")) return directory / name;
    }
    return {};
  }

  TemporaryDirectory directory;
  TemporaryDirectory elsewhere;
};

inline const auto all_kinds = ::testing::Values(Kind::fenced, Kind::compat, Kind::semaphore, Kind::shared);
inline const auto kinds_with_fence = ::testing::Values(Kind::fenced, Kind::semaphore, Kind::shared);
inline const auto kinds_with_lock_file = ::testing::Values(Kind::fenced, Kind::compat);

inline std::string name_of_kind(const ::testing::TestParamInfo<Kind>& kind) { return to_string(kind.param); }

/// Somebody who is quick: does something once, as soon as the how many-th step of the victim whose trace contains
/// `step` is done. For LockOptions::on_trace.
inline std::function<void(const std::string&)> after_step(std::string step, std::function<void()> what, int which = 1) {
  return [step = std::move(step), what = std::move(what), which](const std::string& line) mutable {
    if (line.find(step) != line.npos && --which == 0) what();
  };
}

}  // namespace leaselock::testing
