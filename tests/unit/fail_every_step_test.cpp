#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "support/bench_lock.hpp"

/// Goal: whatever fails, whenever it fails, nobody is wrongly an owner and nothing stays locked by it.
/// Method: an operation runs once for each of its steps and each error, with that step failing, in two forms: the
/// request never executed, and the request executed and its reply lost. Afterwards a healthy contender looks.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;

struct World {
  const char* name;
  bool fenced;
  bool mirror;
};

struct Fault {
  int error;
  bool executed;
};

std::vector<Fault> faults() {
  std::vector<Fault> all;
  for (const int error : {EIO, ENOSPC, EDQUOT, ESTALE, ENOENT, EACCES, EPERM, EROFS, EINTR, EMFILE, ENOMEM, EEXIST,
                          ENOTEMPTY, ETIMEDOUT}) {
    all.push_back({error, false});
  }
  // Errors that a reply lost after the act can be turned into.
  for (const int error : {EIO, ETIMEDOUT, EINTR, ENOENT, EEXIST, ESTALE}) all.push_back({error, true});
  return all;
}

/// Lets the step with this index fail; false when the operation ended before it.
class FailingStep {
 public:
  FailingStep(Contender& contender, std::size_t index, Fault fault) : contender_(contender) {
    contender_.interceptor = [this, index, fault](const protocol::Step& step) -> std::optional<protocol::Result> {
      if (at_++ != index) return std::nullopt;
      if (std::holds_alternative<protocol::step::WaitUntil>(step)) return std::nullopt;
      hit_ = true;
      protocol::Result result;
      if (fault.executed) result = contender_.really(step);
      if (result.error == 0) result.error = fault.error;
      return result;
    };
  }
  ~FailingStep() { contender_.interceptor = nullptr; }
  bool hit() const { return hit_; }

 private:
  Contender& contender_;
  std::size_t at_ = 0;
  bool hit_ = false;
};

class FailEveryStep : public testing::TestWithParam<World> {
 protected:
  protocol::Settings settings(const TemporaryDirectory& directory) const {
    protocol::Settings settings = settings_for(directory.path() / "L");
    settings.fenced = GetParam().fenced;
    settings.mirror = GetParam().mirror;
    return settings;
  }

  static std::string about(const Contender& contender, std::size_t index, Fault fault) {
    std::string text = "step " + std::to_string(index) + " fails with " + os_message(fault.error) +
                       (fault.executed ? " after it was executed" : "") + "; the steps:";
    for (const auto& step : contender.steps) text += "\n  " + step;
    return text;
  }
  static std::string os_message(int error) { return std::system_category().message(error); }

  /// What a healthy newcomer finds must agree with what the contender believes.
  static void check(Contender& contender, const protocol::Settings& settings, const std::string& about) {
    Contender newcomer(settings);
    const std::error_code found = newcomer.try_lock();
    if (contender.engine.session().holds(contender.now())) {
      ASSERT_TRUE(found) << "two holders: " << about;
      EXPECT_FALSE(contender.refresh()) << about;
      EXPECT_FALSE(contender.unlock()) << about;
      EXPECT_FALSE(newcomer.try_lock()) << "not released: " << about;
    } else if (found) {
      // Still taken by a request whose outcome was unknown: then it names the failed contender, and ends by its lease.
      ASSERT_EQ(found, Errc::timed_out) << about;
    }
    // A second life of the same object is never stuck behind its own first one for longer than a lease; a newcomer
    // that did get the lock keeps it.
    const std::error_code again = contender.try_lock();
    if (!found) {
      EXPECT_EQ(again, Errc::timed_out) << about;
    }
  }

  /// With one step failing. Afterwards the lock is free, or held by a name that ends with its lease. False when there
  /// is no such step.
  bool last_unlock(Duration lifetime, Duration held, std::size_t index, Fault fault) {
    const TemporaryDirectory directory;
    protocol::Settings brief = settings(directory);
    brief.lifetime = lifetime;
    Contender contender(brief);
    EXPECT_FALSE(contender.try_lock());
    std::this_thread::sleep_for(held);
    const FailingStep failing(contender, index, fault);
    contender.unlock();
    contender.interceptor = nullptr;
    if (!failing.hit()) return false;
    const std::string text = about(contender, index, fault);
    contender.close();
    Contender newcomer(brief);
    const bool kept_out = bool(newcomer.try_lock());
    std::string names;
    for (const auto& entry : boost::filesystem::directory_iterator(directory.path() / "L|fence"))
      names += entry.path().filename().string();
    if (kept_out) {
      EXPECT_NE(names.find("|h|"), std::string::npos) << text << "\n" << names;
    }
    return true;
  }
};

TEST_P(FailEveryStep, of_lock) {
  for (const Fault fault : faults()) {
    for (std::size_t index = 0;; ++index) {
      const TemporaryDirectory directory;
      Contender contender(settings(directory));
      const FailingStep failing(contender, index, fault);
      const std::error_code error = contender.try_lock();
      contender.interceptor = nullptr;
      if (!failing.hit()) break;
      const std::string text = about(contender, index, fault);
      EXPECT_EQ(!error, contender.engine.session().holds(contender.now())) << text;
      check(contender, settings(directory), text);
      if (HasFatalFailure()) return;
    }
  }
}

// The object is used this once, so that nobody makes up for what it left.
TEST_P(FailEveryStep, of_the_only_lock_and_leave_one_claim_or_the_like_at_most) {
  for (const Fault fault : faults()) {
    for (std::size_t index = 0;; ++index) {
      const TemporaryDirectory directory;
      Contender contender(settings(directory));
      const FailingStep failing(contender, index, fault);
      if (!contender.try_lock()) contender.unlock();
      contender.close();
      contender.interceptor = nullptr;
      if (!failing.hit()) break;
      std::vector<std::string> strays;
      for (const auto& entry : boost::filesystem::directory_iterator(directory.path())) {
        const std::string name = entry.path().filename().string();
        if (name != "L|fence" && name != "L") strays.push_back(name);
      }
      EXPECT_LE(strays.size(), 1U) << about(contender, index, fault) << "\n" << testing::PrintToString(strays);
    }
  }
}

TEST_P(FailEveryStep, of_unlock) {
  for (const Fault fault : faults()) {
    for (std::size_t index = 0;; ++index) {
      const TemporaryDirectory directory;
      Contender contender(settings(directory));
      ASSERT_FALSE(contender.try_lock());
      const FailingStep failing(contender, index, fault);
      contender.unlock();
      contender.interceptor = nullptr;
      if (!failing.hit()) break;
      EXPECT_FALSE(contender.engine.session().hold) << about(contender, index, fault);
      check(contender, settings(directory), about(contender, index, fault));
      if (HasFatalFailure()) return;
    }
  }
}

// The object is never used again, so that nobody makes up for what it left. In compat mode that ages.
TEST_P(FailEveryStep, of_the_last_unlock) {
  if (!GetParam().fenced) GTEST_SKIP() << "what is left ages";
  for (const Fault fault : faults()) {
    if (fault.error == ENOENT && !fault.executed) continue;  // a lie, and the only one that nobody sees through
    for (std::size_t index = 0; last_unlock(15s, Duration::zero(), index, fault); ++index) continue;
  }
}

TEST_P(FailEveryStep, of_the_last_unlock_when_the_lease_is_nearly_over) {
  if (!GetParam().fenced || !GetParam().mirror)
    GTEST_SKIP() << "an unlock is the same at all times, or what is left ages";
  for (const Fault fault : {Fault{EIO, false}, Fault{EIO, true}, Fault{ESTALE, false}, Fault{ESTALE, true}}) {
    for (std::size_t index = 0; last_unlock(200ms, 170ms, index, fault); ++index) continue;
  }
}

TEST_P(FailEveryStep, of_refresh) {
  for (const Fault fault : faults()) {
    for (std::size_t index = 0;; ++index) {
      const TemporaryDirectory directory;
      Contender contender(settings(directory));
      ASSERT_FALSE(contender.try_lock());
      const FailingStep failing(contender, index, fault);
      const std::error_code error = contender.refresh();
      contender.interceptor = nullptr;
      if (!failing.hit()) break;
      // Only a name of somebody else's ends a fenced hold, and there is nobody else.
      const bool holds = contender.engine.session().holds(contender.now());
      if (GetParam().fenced) {
        EXPECT_TRUE(holds) << about(contender, index, fault);
      } else {
        EXPECT_EQ(holds, error != Errc::lease_lost) << about(contender, index, fault);
      }
      check(contender, settings(directory), about(contender, index, fault));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(FailEveryStep, of_destroy) {
  for (const Fault fault : faults()) {
    for (std::size_t index = 0;; ++index) {
      const TemporaryDirectory directory;
      Contender contender(settings(directory));
      ASSERT_FALSE(contender.try_lock());
      const FailingStep failing(contender, index, fault);
      contender.run(contender.engine.start_destroy(contender.now()));
      contender.interceptor = nullptr;
      if (!failing.hit()) break;
      EXPECT_FALSE(contender.engine.session().hold) << about(contender, index, fault);
      check(contender, settings(directory), about(contender, index, fault));
      if (HasFatalFailure()) return;
    }
  }
}

/// A touch that was answered with an error may be executed after a later one, and put its own time back.
TEST(AReaderThatWasAnsweredWithAnError, believesNoLongerThanThatRefreshWouldLetIt) {
  const TemporaryDirectory directory;
  protocol::Settings settings = settings_for(directory.path() / "L");
  settings.purpose.kind = LockKind::shared_lock;
  settings.mirror = false;
  Contender reader(settings);
  protocol::AcquireRequest request;
  request.shared = true;
  ASSERT_FALSE(reader.lock(request));
  std::this_thread::sleep_for(20ms);
  reader.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<protocol::step::Touch>(step)) return std::nullopt;
    protocol::Result lost;
    lost.error = EIO;
    return lost;
  };
  EXPECT_TRUE(reader.refresh());
  const LeaseTime failed = reader.now();
  reader.interceptor = nullptr;
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(reader.refresh()) << "so far it could be extended";
  EXPECT_LE(reader.engine.session().hold->deadline, failed + settings.lifetime);
  EXPECT_TRUE(reader.refresh()) << "not any more";
  EXPECT_TRUE(reader.engine.session().holds(reader.now()));
}

INSTANTIATE_TEST_SUITE_P(modes, FailEveryStep,
                         testing::Values(World{"fenced", true, true}, World{"fenced_without_mirror", true, false},
                                         World{"compat", false, true}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace leaselock::test
