// Goal: what judges the cluster finds what is wrong, and nothing else.
// Method: lines as workers say them, with faults planted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "record/cycles.hpp"
#include "record/picture.hpp"
#include "record/record.hpp"
#include "record/tables.hpp"
#include "said_lines.hpp"

namespace leaselock::nfs {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ARecord, of_holds_one_after_the_other_has_nothing_to_complain_of) {
  const Report report = report_of({ready("w"), "b:" + ready("w"), held("w", 1, 5, 1000), ended("w", 1, 2000),
                                   "b:" + held("w", 1, 6, 3000), "b:" + ended("w", 1, 4000)});
  EXPECT_EQ(report.holds.size(), 2U);
  EXPECT_EQ(report.count(Ended::released), 2U);
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_EQ(report.fairness, 1);
}

TEST(ARecord, names_two_holds_that_overlap_and_by_how_much) {
  const Report report = report_of({ready("w"), "b:" + ready("v"), held("w", 1, 5, 1000), "b:" + held("v", 4, 6, 1900),
                                   "b:" + ended("v", 4, 4000), ended("w", 1, 2000)});
  ASSERT_EQ(report.overlaps.size(), 1U);
  EXPECT_EQ(report.overlaps[0].length, 100U);
  EXPECT_THAT(complaints(report), HasSubstr("a/w hold 1"));
  EXPECT_THAT(complaints(report), HasSubstr("b/v hold 4"));
  EXPECT_THAT(complaints(report), HasSubstr("overlap by 10 us"));
}

TEST(ARecord, finds_every_pair_among_three_holds_that_overlap) {
  const Report report =
      report_of({ready("u"), ready("v"), ready("w"), held("u", 1, 1, 1000), held("v", 1, 2, 1100),
                 held("w", 1, 3, 1200), ended("u", 1, 5000), ended("v", 1, 5000), ended("w", 1, 5000)});
  EXPECT_EQ(report.overlaps.size(), 3U);
}

TEST(ARecord, finds_a_hold_of_one_moment_inside_another) {
  const Report report =
      report_of({ready("v"), ready("w"), held("v", 1, 1, 1000), ended("v", 1, 3000), held("w", 1, 2, 2000)});
  EXPECT_EQ(report.overlaps.size(), 1U);
}

TEST(ARecord, of_holds_that_touch_has_no_overlap) {
  const Report report = report_of(
      {ready("v"), ready("w"), held("v", 1, 1, 1000), ended("v", 1, 2000), held("w", 1, 2, 2000), ended("w", 1, 3000)});
  EXPECT_THAT(report.overlaps, IsEmpty());
}

TEST(ARecord, finds_tokens_that_fall_or_repeat) {
  const auto with_second_token = [](int token) {
    return report_of(
               {ready("w"), held("w", 1, 5, 1000), ended("w", 1, 2000), held("w", 2, token, 3000), ended("w", 2, 4000)})
        .token_faults.size();
  };
  EXPECT_EQ(with_second_token(4), 1U);
  EXPECT_EQ(with_second_token(5), 1U);
  EXPECT_EQ(with_second_token(6), 0U);
}

TEST(ARecord, judges_tokens_in_the_order_of_the_holds_and_not_of_the_lines) {
  const Report report = report_of(
      {ready("v"), ready("w"), held("w", 1, 6, 3000), ended("w", 1, 4000), held("v", 1, 5, 1000), ended("v", 1, 2000)});
  EXPECT_THAT(complaints(report), IsEmpty());
}

TEST(ARecord, does_not_compare_the_tokens_of_holds_that_have_none) {
  const Report report =
      report_of({ready("w"), held("w", 1, 0, 1000), ended("w", 1, 2000), held("w", 2, 0, 3000), ended("w", 2, 4000)});
  EXPECT_THAT(report.token_faults, IsEmpty());
}

TEST(ARecord, ignores_a_line_that_was_cut_off_wherever_that_was) {
  const std::string whole = still("w", 1, 123456);
  for (std::size_t length = whole.find(' '); length + 1 < whole.size(); ++length) {
    const Report report = report_of({ready("w"), held("w", 1, 5, 1000), whole.substr(0, length)});
    ASSERT_EQ(report.holds.size(), 1U);
    EXPECT_EQ(report.holds[0].last, 1000U) << whole.substr(0, length);
    EXPECT_EQ(report.torn, 1U);
    EXPECT_THAT(report.malformed, IsEmpty());
  }
}

TEST(ARecord, ends_the_hold_of_a_crashed_host_where_it_was_last_seen_holding) {
  const Report report = report_of({ready("w"), "b:" + ready("v"), held("w", 1, 5, 1000), still("w", 1, 1800),
                                   "b:" + held("v", 1, 6, 1900), ready("w"), held("w", 1, 7, 5000)});
  ASSERT_EQ(report.holds.size(), 3U);
  EXPECT_EQ(report.holds[0].last, 1800U);
  EXPECT_EQ(report.holds[0].ended, Ended::unseen);
  EXPECT_THAT(complaints(report), IsEmpty());
}

TEST(ARecord, lets_a_successor_begin_when_a_hold_was_lost) {
  const Report report = report_of({ready("w"), "b:" + ready("v"), held("w", 1, 5, 1000), "b:" + held("v", 1, 6, 2500),
                                   "b:" + ended("v", 1, 2600), "end w 1 how=lost last=2000 tsc=9000 error=may_act .",
                                   "gave-back w 1 tsc=9100 error=lease_lost ."});
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_EQ(report.count(Ended::lost), 1U);
  EXPECT_EQ(report.holds[0].gave_back, "lease_lost");
  EXPECT_EQ(report.errors.at("end lost may_act"), 1U);
}

TEST(ARecord, does_not_count_a_lease_that_was_over_when_lock_returned) {
  const Report report = report_of({ready("v"), ready("w"), held("v", 1, 6, 1000),
                                   "held-too-late w 1 token=5 tsc=1500 waited_us=5 pred=none left_us=0 .",
                                   ended("w", 1, 0, "lost", "may_act"), ended("v", 1, 2000)});
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_EQ(report.shares[1].holds, 0U);
}

TEST(ARecord, complains_of_events_that_it_does_not_understand_and_keeps_other_lines_as_notes) {
  const Report report = report_of({ready("w"), "held w 1 token=x tsc=1 waited_us=5 pred=none left_us=1000 .",
                                   still("w", 1, 5), "worker: No space left on device"});
  EXPECT_EQ(report.malformed.size(), 2U);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0], "a: worker: No space left on device");
}

TEST(ARecord, tells_who_starved) {
  const Report report = report_of({ready("v"), ready("w"), held("v", 1, 1, 1000), ended("v", 1, 2000),
                                   held("v", 2, 2, 3000), ended("v", 2, 4000), "waiting w tsc=9100 waited_us=800 ."});
  ASSERT_EQ(report.shares.size(), 2U);
  EXPECT_EQ(report.shares[1].holds, 0U);
  EXPECT_EQ(report.shares[1].longest_wait_us, 800);
  EXPECT_EQ(report.shares[1].longest_without_us, 900);
  EXPECT_EQ(report.shares[0].longest_without_us, 100);
  EXPECT_EQ(report.fairness, 0.5);
}

TEST(ARecord, counts_errors_by_kind) {
  const Report report = report_of({ready("w"), "lock-failed w tsc=200 error=EIO waited_us=9 .", held("w", 1, 5, 1000),
                                   "refresh-failed w 1 tsc=1100 error=ETIMEDOUT .", "refreshed w 1 tsc=1200 .",
                                   ended("w", 1, 2000, "unlock-error", "EIO"), "done w holds=1 tsc=3000 ."});
  EXPECT_EQ(report.errors.at("lock EIO"), 1U);
  EXPECT_EQ(report.errors.at("refresh ETIMEDOUT"), 1U);
  EXPECT_EQ(report.errors.at("end unlock-error EIO"), 1U);
  EXPECT_EQ(report.shares[0].refreshes, 1U);
}

TEST(TheTable, names_every_worker_and_the_totals) {
  const std::string text =
      table(report_of({ready("w"), "b:" + ready("v"), held("w", 1, 5, 1000), ended("w", 1, 2000)}));
  for (const char* word : {"a ", "b ", " w ", " v ", "1 holds", "0 overlaps", "released 1"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
}

TEST(ThePicture, shows_every_worker_every_mark_and_what_overlaps) {
  Record record(ticks_per_us);
  for (const std::string& line : {ready("w"), ready("v"), held("w", 1, 5, 1000), held("v", 1, 6, 1500)}) {
    record.add_line("a", line);
  }
  record.mark(1600, "b", "crash");
  const std::string before = picture(record.report(), "A <test>");
  for (const char* word : {">w<", ">v<", ">a<", ">b<", ">crash<", ">A &lt;test>"}) EXPECT_THAT(before, HasSubstr(word));
  EXPECT_THAT(before, Not(HasSubstr("two holders at once")));
  record.add_line("a", ended("w", 1, 2000));
  record.add_line("a", still("v", 1, 2000));
  EXPECT_THAT(picture(record.report(), "A test"), HasSubstr("two holders at once"));
}

// All judging rests on this: a moment that is read after another one, on whatever CPU, is not smaller.
TEST(TheCycleCounter, does_not_run_backwards_from_one_cpu_to_another) {
  cpu_set_t allowed;
  ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
  std::vector<std::size_t> cpus;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE && cpus.size() < 2; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  }
  if (cpus.size() < 2) GTEST_SKIP() << "there is only one CPU";
  constexpr int turns = 20'000;
  std::atomic<int> turn = 0;
  Cycles latest = 0;
  int backwards = 0;
  const auto run = [&](int own) {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(cpus[static_cast<std::size_t>(own)], &only);
    ::sched_setaffinity(0, sizeof only, &only);
    for (int next = own; next < turns; next += 2) {
      while (turn.load() != next) std::this_thread::yield();
      const Cycles now = cycles();
      if (now < latest) ++backwards;
      latest = now;
      turn.store(next + 1);
    }
  };
  std::thread one(run, 0);
  std::thread two(run, 1);
  one.join();
  two.join();
  EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace leaselock::nfs
