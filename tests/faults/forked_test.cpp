// Goal: a process may fork, and its child execute another program, at any moment, also while another thread is in the
// middle of an operation: the child owns nothing, gives nothing of its parent's away, and the program inherits nothing.
// Method: everything that can be done with a lock is done once for each of its system calls, with a fork just before
// that call. The child tries what it can and then stays, with everything it inherited, until the lock has changed
// hands.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "support/calls.hpp"
#include "support/child.hpp"
#include "support/deeds.hpp"
#include "support/every_way.hpp"
#include "support/thorough.hpp"

namespace leaselock::faults {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;

std::string code_of(const std::function<void()>& act) {
  try {
    act();
    return "none";
  } catch (const LockError& error) {
    return error.code().message();
  }
}

/// Empty when all is as it must be.
std::string wrong_in_child(Stage& stage) {
  if (!stage.subject) return "";  // it is being destroyed
  Contestant& copy = *stage.subject;
  if (copy.may_act()) return "it may act";
  if (copy.fencing_token()) return "it has a token";
  const std::string not_locked = make_error_code(Errc::not_locked).message();
  for (const std::string& error : {code_of([&] { copy.unlock(); }), code_of([&] { copy.refresh(); })}) {
    if (error != not_locked) return "its error was: " + error;
  }
  stage.subject.reset();
  return "";
}

class AForkAtEveryCall : public ::testing::TestWithParam<Way> {
 protected:
  /// False when the deed has no such call.
  bool fork_at(const Deed& deed, std::size_t wanted) {
    Stage stage(GetParam());
    deed.prepare(stage);
    std::optional<Child> child;
    std::size_t number = 0;
    std::string about = deed.name + ", call " + std::to_string(wanted);
    {
      const Interception interception([&](const Call& call) -> std::optional<Fault> {
        if (!call.own_thread || number++ != wanted) return std::nullopt;
        about += ", " + std::string(call.name);
        child.emplace(Child::running([&](Channel& channel) {
          channel.say("wrong: " + wrong_in_child(stage));
          channel.hear();
        }));
        EXPECT_EQ(child->hear(), "wrong: ") << about;
        return std::nullopt;
      });
      EXPECT_NO_THROW(deed.act(stage)) << about;
    }
    if (!child) return false;
    for (Contestant* holder : {stage.other.get(), stage.subject.get()}) {
      if (holder == nullptr || !holder->may_act()) continue;
      EXPECT_NO_THROW(holder->unlock()) << about;
    }
    Contestant rival(exclusive(GetParam()), stage.path);
    EXPECT_TRUE(rival.try_lock(2s)) << about << ": the child still keeps it";
    return true;
  }
};

TEST_P(AForkAtEveryCall, leaves_the_child_nothing) {
  const std::size_t step = everything_is_wanted() ? 1 : 7;
  std::size_t first = 0;
  std::size_t forks = 0;
  for (const Deed& deed : deeds_of(GetParam())) {
    for (std::size_t call = first++ % step; fork_at(deed, call); call += step) ++forks;
  }
  EXPECT_GT(forks, 20U);
  std::cout << forks << " forks\n";
}

using Descriptors = std::set<int>;

Descriptors open_descriptors() {
  Descriptors all;
  for (boost::filesystem::directory_iterator entry("/proc/self/fd"), end; entry != end; ++entry) {
    all.insert(std::stoi(entry->path().filename().string()));
  }
  return all;
}

TEST_P(AForkAtEveryCall, and_an_execution_leave_the_program_nothing) {
  for (const Deed& deed : deeds_of(GetParam())) {
    const Descriptors before = open_descriptors();
    Stage stage(GetParam());
    const auto check = [&] {
      for (const int descriptor : open_descriptors()) {
        const int flags = ::fcntl(descriptor, F_GETFD);
        const bool inherited = flags != -1 && (flags & FD_CLOEXEC) == 0;
        EXPECT_FALSE(inherited && !before.contains(descriptor)) << deed.name << ": descriptor " << descriptor;
      }
    };
    deed.prepare(stage);
    const Interception interception([&](const Call&) {
      check();
      return std::nullopt;
    });
    deed.act(stage);
    check();
  }
}

std::string listed_by_another_program() {
  Child program = Child::executing({"/bin/ls", "/proc/self/fd"});
  std::string all;
  while (const auto line = program.hear()) all += *line + ' ';
  EXPECT_EQ(program.wait(), 0);
  return all;
}

TEST(AProgramThatAHolderExecutes, inherits_none_of_its_descriptors) {
  const std::string before = listed_by_another_program();
  Stage stage(Way::fenced);
  Contestant holder(Way::fenced, stage.path);
  holder.lock();
  Contestant waiter(Way::fenced, stage.path);
  std::size_t number = 0;
  const Interception interception([&](const Call& call) -> std::optional<Fault> {
    if (!call.own_thread || number++ % 4 != 0) return std::nullopt;
    EXPECT_EQ(listed_by_another_program(), before) << call.name;
    return std::nullopt;
  });
  // On a busy machine the time is over after a few calls.
  while (number <= 40) EXPECT_FALSE(waiter.try_lock(30ms));
}

INSTANTIATE_TEST_SUITE_P(in, AForkAtEveryCall, every_way, name_of_way);

}  // namespace
}  // namespace leaselock::faults
