// Goal: the counters say how often what happened and how long it took; their text is what Prometheus reads. Method:
// locks on real files, a reporter with times made up, and the text compared.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "leaselock/leaselock.hpp"
#include "reporter.hpp"
#include "support/bench_lock.hpp"

namespace leaselock::test {
namespace {

using namespace std::chrono_literals;

class CountersOfLocks : public testing::Test {
 protected:
  LockOptions counted() const {
    LockOptions options;
    options.stamp_error = 20ms;
    options.grace = 200ms;
    options.counters = counters;
    return options;
  }
  CounterValues values() const { return counters->values(); }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory.path() / "job.lock";
  std::shared_ptr<Counters> counters = std::make_shared<Counters>();
};

TEST_F(CountersOfLocks, count_what_happened) {
  Lock lock(path, counted());
  Lock other(path, counted());
  lock.lock();
  lock.refresh();
  EXPECT_FALSE(other.try_lock());
  EXPECT_FALSE(other.try_lock_for(20ms));
  lock.unlock();
  lock.lock();
  ASSERT_TRUE(unsafe_break(path, counted()));
  std::error_code error;
  lock.refresh(error);
  lock.unlock(error);
  const CounterValues seen = values();
  EXPECT_EQ(seen.acquisitions, 2U);
  EXPECT_EQ(seen.refreshes, 1U);
  EXPECT_EQ(seen.timeouts, 2U);
  EXPECT_EQ(seen.waits, 1U);
  EXPECT_EQ(seen.losses, 1U);
  EXPECT_EQ(seen.releases, 1U);
  EXPECT_EQ(seen.failures + seen.cancellations + seen.release_errors + seen.refresh_failures, 0U);
  EXPECT_EQ(seen.wait.count(), 2U);
  EXPECT_EQ(seen.hold.count(), 2U);
  EXPECT_GT(seen.hold.total(), Duration::zero());
}

TEST_F(CountersOfLocks, count_the_four_requests_of_a_warm_lock_and_unlock) {
  Lock lock(path, counted());
  lock.lock();
  lock.unlock();
  const std::uint64_t before = values().requests;
  lock.lock();
  lock.unlock();
  EXPECT_EQ(values().requests - before, 4U);
}

TEST_F(CountersOfLocks, tell_a_break_of_a_lease_that_ran_out) {
  LockOptions brief = counted();
  brief.lifetime = 100ms;
  Lock holder(path, brief);
  holder.lock();
  Lock(path, counted()).lock();
  EXPECT_EQ(values().breaks_expired, 1U);
  EXPECT_EQ(values().breaks_died, 0U);
}

/// Into which bucket a wait of this length goes.
std::size_t bucket_of(Duration wait) {
  LockOptions options;
  options.counters = std::make_shared<Counters>();
  const auto reporter = Reporter::make("job.lock", options, ports::native_environment());
  protocol::Session session(settings_for("/tmp/job.lock"), protocol::Owner{});
  const LeaseTime start{1000s};
  reporter->begin_acquire(session, start, start);
  session.hold.emplace();
  reporter->end_acquire(session, {}, start + wait);
  const Histogram histogram = options.counters->values().wait;
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.total(), wait);
  return static_cast<std::size_t>(std::ranges::find(histogram.counts, 1U) - histogram.counts.begin());
}

TEST(AHistogram, counts_a_length_at_the_smallest_bound_that_it_does_not_exceed) {
  EXPECT_EQ(bucket_of(0ns), 0U);
  EXPECT_EQ(bucket_of(100us), 0U);
  EXPECT_EQ(bucket_of(100'001ns), 1U);
  EXPECT_EQ(bucket_of(1s), 8U);
  EXPECT_EQ(bucket_of(10000s), 16U);
  EXPECT_EQ(bucket_of(10001s), 17U);
}

CounterValues example() {
  CounterValues values;
  values.acquisitions = 3;
  values.breaks_died = 2;
  values.wait.counts[0] = 1;
  values.wait.counts[8] = 1;
  values.wait.counts[17] = 1;
  values.wait.total_ns = 20'001'500'000'000;
  return values;
}

TEST(ThePrometheusText, has_all_series_of_a_name_together_after_its_help_and_type) {
  const std::string text = to_prometheus({{{{"lock", "a"}}, example()}, {{{"lock", "b"}}, {}}});
  const std::string expected =
      "# HELP leaselock_breaks_total Holds of others that were ended.\n"
      "# TYPE leaselock_breaks_total counter\n"
      "leaselock_breaks_total{lock=\"a\",reason=\"expired\"} 0\n"
      "leaselock_breaks_total{lock=\"b\",reason=\"expired\"} 0\n"
      "leaselock_breaks_total{lock=\"a\",reason=\"died\"} 2\n"
      "leaselock_breaks_total{lock=\"b\",reason=\"died\"} 0\n"
      "# HELP leaselock_refreshes_total ";
  EXPECT_NE(text.find(expected), std::string::npos) << text;
}

TEST(ThePrometheusText, of_a_histogram_adds_up_and_ends_with_all) {
  const std::string text = to_prometheus({{{}, example()}});
  const std::string start = text.substr(text.find("# HELP leaselock_wait_seconds"));
  std::istringstream lines(start);
  std::vector<std::string> wait;
  for (std::string line; std::getline(lines, line) && !line.starts_with("# HELP leaselock_hold");) wait.push_back(line);
  ASSERT_EQ(wait.size(), 22U);
  EXPECT_EQ(wait[1], "# TYPE leaselock_wait_seconds histogram");
  EXPECT_EQ(wait[2], "leaselock_wait_seconds_bucket{le=\"0.0001\"} 1");
  EXPECT_EQ(wait[9], "leaselock_wait_seconds_bucket{le=\"0.3\"} 1");
  EXPECT_EQ(wait[10], "leaselock_wait_seconds_bucket{le=\"1\"} 2");
  EXPECT_EQ(wait[18], "leaselock_wait_seconds_bucket{le=\"10000\"} 2");
  EXPECT_EQ(wait[19], "leaselock_wait_seconds_bucket{le=\"+Inf\"} 3");
  EXPECT_EQ(wait[20], "leaselock_wait_seconds_sum 20001.5");
  EXPECT_EQ(wait[21], "leaselock_wait_seconds_count 3");
}

TEST(ThePrometheusText, has_no_label_that_could_end_its_line_or_its_quotation) {
  EXPECT_EQ(prometheus_quoted("a\"b\\c\nd"), R"("a\"b\\c\nd")");
  const std::string text = to_prometheus({{{{"lock", "/a\"\n"}}, {}}});
  EXPECT_NE(text.find("leaselock_waits_total{lock=\"/a\\\"\\n\"} 0\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace leaselock::test
