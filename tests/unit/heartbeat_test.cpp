#include "keep/heartbeat.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "leaselock/error.hpp"

/// The two threads that keep a lease alive, about a lease whose refreshes hang and fail when the test says so.
namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

const std::error_code io_error(EIO, std::system_category());

class LeaseOnDemand final : public Refreshable {
 public:
  explicit LeaseOnDemand(Duration lifetime) : lifetime_(lifetime) {}

  std::error_code refresh() noexcept override {
    std::unique_lock guard(mutex_);
    const LeaseTime sent = LeaseClock::now();
    ++refreshes_;
    changed_.notify_all();
    changed_.wait(guard, [this] { return !hangs_; });
    if (!error_) deadline_ = sent + lifetime_;
    return error_;
  }
  LeaseTime deadline() const noexcept override {
    const std::lock_guard guard(mutex_);
    return deadline_;
  }

  void hang(bool does) {
    const std::lock_guard guard(mutex_);
    hangs_ = does;
    changed_.notify_all();
  }
  void fail(std::error_code error) {
    const std::lock_guard guard(mutex_);
    error_ = error;
  }
  void wait_for_refreshes(int number) {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [&] { return refreshes_ >= number; });
  }
  int refreshes() const {
    const std::lock_guard guard(mutex_);
    return refreshes_;
  }

 private:
  const Duration lifetime_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool hangs_ = false;
  std::error_code error_;
  LeaseTime deadline_{};
  int refreshes_ = 0;
};

class KeptLease : public ::testing::Test {
 protected:
  /// left: of the lease at the beginning; where it is little the first refresh is due at once.
  void begin(Duration lifetime, Duration left) {
    lease.emplace(lifetime);
    lifetime_ = lifetime;
    left_ = left;
  }
  void start() {
    const LeaseTime now = LeaseClock::now();
    heartbeat.emplace(*lease, LeaseJudge(options, lifetime_, now + left_, now), [this](const LeaseReport& report) {
      started.wait(false);
      if (in_report) in_report(report);
      const std::lock_guard guard(mutex);
      reports.push_back(report);
      reported.notify_all();
    });
    started = true;
    started.notify_all();
  }
  /// The first report from now on, or one before that nobody waited for, of which this is true.
  LeaseReport wait_for(const std::function<bool(const LeaseReport&)>& what) {
    std::unique_lock guard(mutex);
    for (;; ++seen) {
      reported.wait(guard, [this] { return seen < reports.size(); });
      if (what(reports[seen])) return reports[seen++];
    }
  }
  LeaseReport wait_for(LeaseState state) {
    return wait_for([state](const LeaseReport& report) { return report.state == state; });
  }

  KeepAliveOptions options;
  std::function<void(const LeaseReport&)> in_report;  ///< set before start()
  std::atomic<bool> started = false;
  std::mutex mutex;
  std::condition_variable reported;
  std::vector<LeaseReport> reports;
  std::size_t seen = 0;
  std::optional<LeaseOnDemand> lease;
  std::optional<Heartbeat> heartbeat;  // last: ends first

 private:
  Duration lifetime_{};
  Duration left_{};
};

TEST_F(KeptLease, is_refreshed_again_and_again) {
  begin(300ms, 300ms);
  start();
  lease->wait_for_refreshes(5);
  heartbeat->end();
  const int refreshes = lease->refreshes();
  EXPECT_GE(refreshes, 5);
}

TEST_F(KeptLease, is_reported_doubtful_and_then_lost_while_its_refresh_hangs) {
  options.patience = 10ms;
  begin(600ms, 600ms);
  lease->hang(true);
  start();
  const LeaseReport doubtful = wait_for(LeaseState::doubtful);
  EXPECT_TRUE(heartbeat->get_stop_token().stop_requested());
  EXPECT_TRUE(doubtful.unanswered.has_value());
  EXPECT_FALSE(doubtful.error);
  const LeaseReport lost = wait_for(LeaseState::lost);
  EXPECT_EQ(lost.remaining, 0s);
  EXPECT_EQ(lost.deadline, doubtful.deadline);
  EXPECT_EQ(lease->refreshes(), 1);
  EXPECT_FALSE(heartbeat->end_refreshing(LeaseClock::now())) << "it hangs still";
  lease->hang(false);
  heartbeat->end();
  EXPECT_EQ(heartbeat->state(), LeaseState::lost) << "too late";
}

TEST_F(KeptLease, is_held_again_when_the_answer_comes_and_the_stop_stays) {
  options.patience = 1h;
  begin(2s, 100ms);
  lease->hang(true);
  start();
  wait_for(LeaseState::doubtful);
  lease->hang(false);
  wait_for(LeaseState::held);
  EXPECT_TRUE(heartbeat->get_stop_token().stop_requested());
}

TEST_F(KeptLease, is_asked_to_stop_before_it_is_reported) {
  bool asked = false;
  in_report = [&](const LeaseReport& report) {
    if (report.state == LeaseState::doubtful) asked = heartbeat->get_stop_token().stop_requested();
  };
  begin(600ms, 600ms);
  lease->hang(true);
  start();
  wait_for(LeaseState::doubtful);
  EXPECT_TRUE(asked);
  lease->hang(false);
  heartbeat->end();
}

TEST_F(KeptLease, is_not_asked_to_stop_at_doubtful_when_the_user_said_so) {
  options.stop_at = LeaseState::lost;
  bool asked = true;
  in_report = [&](const LeaseReport& report) {
    if (report.state == LeaseState::doubtful) asked = heartbeat->get_stop_token().stop_requested();
  };
  begin(600ms, 600ms);
  lease->hang(true);
  start();
  wait_for(LeaseState::lost);
  EXPECT_FALSE(asked);
  EXPECT_TRUE(heartbeat->get_stop_token().stop_requested());
  lease->hang(false);
}

TEST_F(KeptLease, survives_an_error_that_passes) {
  begin(60s, 10s);
  lease->fail(io_error);
  start();
  const LeaseReport failed = wait_for([](const LeaseReport& report) { return report.error == io_error; });
  EXPECT_EQ(failed.state, LeaseState::held);
  lease->fail({});
  const LeaseReport repaired = wait_for([](const LeaseReport& report) { return !report.error; });
  EXPECT_EQ(repaired.state, LeaseState::held);
  EXPECT_GT(repaired.deadline, failed.deadline);
  EXPECT_FALSE(heartbeat->get_stop_token().stop_requested());
}

TEST_F(KeptLease, is_lost_at_once_when_the_answer_says_so_and_nothing_more_is_sent) {
  begin(60s, 10s);
  lease->fail(Errc::lease_lost);
  start();
  const LeaseReport lost = wait_for(LeaseState::lost);
  EXPECT_EQ(lost.error, Errc::lease_lost);
  EXPECT_GT(lost.remaining, 0s) << "of what had been believed";
  EXPECT_TRUE(heartbeat->get_stop_token().stop_requested());
  EXPECT_TRUE(heartbeat->end_refreshing(LeaseTime::max()));
  EXPECT_EQ(lease->refreshes(), 1);
}

TEST_F(KeptLease, is_refreshed_while_a_report_takes_long) {
  begin(600ms, 600ms);
  lease->fail(io_error);
  in_report = [&](const LeaseReport& report) {
    if (report.error == io_error) lease->wait_for_refreshes(4);
  };
  start();
  wait_for([](const LeaseReport& report) { return report.error == io_error; });
}

TEST_F(KeptLease, goes_on_being_judged_while_its_end_waits_for_a_refresh) {
  begin(600ms, 600ms);
  lease->hang(true);
  in_report = [&](const LeaseReport& report) {
    if (report.state == LeaseState::lost) lease->hang(false);
  };
  start();
  lease->wait_for_refreshes(1);
  heartbeat->end();  // would not return without that report
  EXPECT_EQ(heartbeat->state(), LeaseState::lost);
}

}  // namespace
}  // namespace leaselock::keep
