// Goal: what somebody puts at a name between two system calls of one step is neither adopted nor followed. Method: he
// is quick enough for each place in turn where a file is opened.
#include <sys/stat.h>

#include "support/attack.hpp"
#include "support/calls.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class BetweenTwoCalls : public Attack {
 protected:
  /// Makes an attempt; somebody does something just before the wanted call that opens a file. False when there is no
  /// such call.
  static bool comes_in_before(std::size_t wanted, const std::function<void()>& what,
                              const std::function<void()>& attempt) {
    std::size_t number = 0;
    const faults::Interception interception([&](const faults::Call& call) -> std::optional<faults::Fault> {
      if (call.name == "openat" && number++ == wanted) what();
      return std::nullopt;
    });
    attempt();
    return number > wanted;
  }
  /// What is made is given these by calls of their own.
  static LockOptions with_permissions() {
    LockOptions options;
    options.lifetime = 30s;
    options.permissions = 0660;
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(in, BetweenTwoCalls, all_kinds, name_of_kind);

TEST_P(BetweenTwoCalls, a_gate_that_somebody_else_has_made_is_given_no_permissions) {
  const auto holder = lock(with_permissions());
  ASSERT_FALSE(holder->take());
  const fs::path gate = directory / "lock|gate";
  fs::remove(gate);
  const Witness file(elsewhere / "file");
  const auto plant = [&] {
    if (!fs::exists(gate)) fs::create_hard_link(file.path(), gate);
  };
  const auto wait = [&] { outcome_at_gate(GetParam(), path(), with_permissions()); };
  for (std::size_t call = 0; comes_in_before(call, plant, wait); ++call) {
    SCOPED_TRACE(call);
    file.expect_untouched();
    fs::remove(gate);
  }
}

TEST_P(BetweenTwoCalls, a_link_in_the_place_of_a_directory_that_was_just_made_hands_no_permissions_on) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  ASSERT_EQ(::chmod(elsewhere.path().c_str(), 0700), 0);
  const auto exchange = [&] {
    for (const std::string& name : directory.names()) {
      if (!name.starts_with("lock|boot|") || name.find('/') != name.npos) continue;
      fs::rename(directory / name, directory / "moved");
      fs::create_symlink(elsewhere.path(), directory / name);
    }
  };
  const auto attempt = [&] { lock(with_permissions())->take(); };
  bool came_in = false;
  for (std::size_t call = 0; comes_in_before(call, exchange, attempt); ++call) {
    SCOPED_TRACE(call);
    came_in = came_in || fs::exists(directory / "moved");
    EXPECT_EQ(fs::status(elsewhere.path()).permissions(), fs::owner_all);
    EXPECT_EQ(elsewhere.names(), std::vector<std::string>{});
    for (fs::directory_iterator entry(directory.path()), end; entry != end; ++entry) fs::remove_all(entry->path());
  }
  EXPECT_TRUE(came_in) << "a directory is prepared";
}

}  // namespace
}  // namespace leaselock
