// Goal: whatever system call of leaselock fails, with whatever error: nobody wrongly owns a lock, nothing stays locked
// for longer than a lease, nothing leaks, and the error names the path and says what to do.
// Method: everything that can be done with a lock is done once for each of its system calls and each error, with that
// call failing, in two forms: it did nothing, and it did its work and only the answer was lost. Then healthy objects
// look and take their turns. In the ordinary run every third call fails, in one way, which changes from call to call;
// LEASELOCK_FAULTS=all runs all of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "support/calls.hpp"
#include "support/deeds.hpp"
#include "support/every_way.hpp"
#include "support/footprint.hpp"
#include "support/thorough.hpp"

namespace leaselock::faults {
namespace {

using namespace std::chrono_literals;

constexpr std::array errors = {EIO, ENOSPC, EINTR, EDQUOT, ESTALE, EACCES, EROFS, EMFILE, ENOMEM};

/// The call with this number fails like this.
struct Plan {
  std::size_t call = 0;
  Fault fault;
};

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const bool acted : {false, true}) {
    for (const int error : errors) all.push_back({error, acted});
  }
  return all;
}

/// For the call with this number, in the ordinary run.
std::vector<Fault> some_faults(std::size_t call) {
  const int error = errors[(call / 3 + call) % errors.size()];
  const bool may_be_lost = call / 3 % 2 == 1;
  if (may_be_lost) return {{error, true}, {error, false}};
  return {{error, false}};
}

std::vector<Fault> faults_for(std::size_t call) { return everything_is_wanted() ? all_faults() : some_faults(call); }

class EveryCall : public ::testing::TestWithParam<Way> {
 protected:
  enum class End : std::uint8_t { no_such_call, not_applicable, done };

  /// Does the deed with one call failing, or none, and looks what has become of the lock.
  End run(const Deed& deed, std::optional<Plan> plan) {
    End end = End::no_such_call;
    const Footprint before = footprint();
    {
      Stage stage(GetParam());
      deed.prepare(stage);
      end = act(deed, plan, stage);
      if (end == End::done || !plan) check(stage, deed);
    }
    EXPECT_EQ(footprint(), before) << about_;
    return end;
  }

 private:
  End act(const Deed& deed, const std::optional<Plan>& plan, Stage& stage) {
    End end = End::no_such_call;
    std::size_t number = 0;
    about_ = deed.name;
    const Interception interception([&](const Call& call) -> std::optional<Fault> {
      if (!call.own_thread || !plan || number++ != plan->call) return std::nullopt;
      end = plan->fault.acted && !call.changes ? End::not_applicable : End::done;
      if (end == End::not_applicable) return std::nullopt;
      about_ += ", call " + std::to_string(plan->call) + ", " + std::string(call.name) + ": " +
                std::strerror(plan->fault.error) + (plan->fault.acted ? " after it was done" : "");
      return plan->fault;
    });
    try {
      deed.act(stage);
    } catch (const LockError& error) {
      EXPECT_TRUE(plan) << error.what() << "\n" << about_;
      const std::string start = stage.path.string() + ": " + error.code().message();
      EXPECT_TRUE(std::string(error.what()).starts_with(start)) << error.what() << "\n" << about_;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "an error that names no path: " << error.what() << "\n" << about_;
    }
    return end;
  }

  void check(Stage& stage, const Deed& deed) {
    if (stage.other) check_that_it_is_kept_out(stage);
    auto rival = std::make_unique<Contestant>(exclusive(GetParam()), stage.path);
    // What is broken off may leave a semaphore with fewer slots, and this is what mends it (protocol.md 11).
    const bool slots_may_be_missing =
        exclusive(GetParam()) == Way::all_slots && (deed.name == "resize" || deed.name == "clean");
    if (slots_may_be_missing) rival->as_semaphore().resize(3);
    const bool taken = rival->try_lock();
    const bool believes = stage.subject && stage.subject->may_act();
    ASSERT_FALSE(taken && believes) << "two holders: " << about_;
    if (believes) check_that_it_holds(stage);
    if (!taken && !comes_free(stage, *rival)) return;
    check_status(stage, *rival);
    stage.subject.reset();
    EXPECT_NO_THROW(rival->unlock()) << about_;
    rival.reset();
    check_files(stage);
  }

  /// After the lease; in compat mode ten seconds later, as flufl.lock has it, which only the long run waits for.
  bool comes_free(const Stage& stage, Contestant& rival) {
    const bool late = GetParam() == Way::compat;
    if (late && !everything_is_wanted()) {
      if (rival.try_lock(50ms)) return true;
      EXPECT_FALSE(inspect(stage.path, options_for(GetParam())).holders.empty()) << about_ << names(stage);
      return false;
    }
    const bool taken = rival.try_lock(late ? 15s : 5s);
    EXPECT_TRUE(taken) << "locked for longer than a lease: " << about_ << names(stage);
    return taken;
  }

  /// It did not get the lock from its living holder, who gives it back now.
  void check_that_it_is_kept_out(Stage& stage) {
    ASSERT_FALSE(stage.other->may_act() && stage.subject->may_act()) << "two holders: " << about_;
    EXPECT_NO_THROW(stage.other->unlock()) << about_;
    stage.other.reset();
  }

  void check_that_it_holds(Stage& stage) {
    const LockStatus status = inspect(stage.path, options_for(GetParam()));
    const auto token = stage.subject->fencing_token();
    const bool shown = std::ranges::any_of(status.holders, [&](const Holder& holder) {
      return holder.pid == ::getpid() && (!token || holder.token == token);
    });
    if (!stage.subject->may_act()) return;  // on a slow machine the lease may be over by now
    EXPECT_TRUE(shown) << "it believes in a lock that nobody else sees: " << about_ << names(stage);
    EXPECT_NO_THROW(stage.subject->unlock()) << about_;
  }

  void check_status(const Stage& stage, const Contestant& rival) {
    const LockStatus status = inspect(stage.path, options_for(GetParam()));
    if (!rival.may_act()) return;
    ASSERT_FALSE(status.holders.empty()) << about_ << names(stage);
    EXPECT_EQ(status.holders.front().token, rival.fencing_token()) << about_ << names(stage);
    EXPECT_EQ(status.problem, "") << about_ << names(stage);
  }

  /// One failed call leaves one name of ours behind at most, which is not the lock's own; and what a dead holder left.
  void check_files(const Stage& stage) {
    const std::string ours = "|" + std::to_string(::getpid());
    std::size_t strays = 0;
    for (const std::string& name : stage.directory.names()) {
      EXPECT_NE(name, "lock") << about_;
      const bool in_preparation = name.find("/b|") != std::string::npos;
      if (!in_preparation && name.find(ours) != std::string::npos) ++strays;
    }
    EXPECT_LE(strays, 1U) << about_ << names(stage);
  }

  static std::string names(const Stage& stage) {
    std::string all = "; there are:";
    for (const std::string& name : stage.directory.names()) all += "\n  " + name;
    return all;
  }

  std::string about_;
};

TEST_P(EveryCall, may_fail) {
  std::size_t number = static_cast<std::size_t>(GetParam());
  std::size_t cases = 0;
  std::size_t calls = 0;
  for (const Deed& deed : deeds_of(GetParam())) {
    run(deed, std::nullopt);
    const std::size_t step = everything_is_wanted() ? 1 : 3;
    for (std::size_t call = number++ % step;; call += step) {
      End end = End::no_such_call;
      for (const Fault fault : faults_for(call)) {
        const End each = run(deed, Plan{call, fault});
        if (each == End::done) ++cases;
        if (each != End::no_such_call) end = each;
        if (each == End::done && !everything_is_wanted()) break;
        if (HasFatalFailure()) return;
      }
      if (end == End::no_such_call) break;
      ++calls;
    }
  }
  EXPECT_GT(calls, 60U) << "is it still led through the tests?";
  std::cout << cases << " failures of " << calls << " calls\n";
}

INSTANTIATE_TEST_SUITE_P(in, EveryCall, every_way, name_of_way);

}  // namespace
}  // namespace leaselock::faults
