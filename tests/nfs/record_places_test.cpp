// Goal: what judges semaphores and shared locks finds what is wrong, and nothing else.
// Method: lines as workers say them, with faults planted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "record/record.hpp"
#include "record/tables.hpp"
#include "said_lines.hpp"

namespace leaselock::nfs {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Holds from 1000 to 3000, 1500 to 3500, 2000 to 4000 and so on, each of a worker of its own, with the tokens 1, 2, 3.
Report report_of_parts(std::initializer_list<std::string> parts) {
  Record record(ticks_per_us);
  int number = 0;
  for (const std::string& part : parts) {
    const std::string name = 'w' + std::to_string(++number);
    record.add_line("a", ready(name));
    record.add_line("a", held_in_part(name, 1, number, 500 + 500 * number, part));
    record.add_line("a", ended(name, 1, 2500 + 500 * number));
  }
  return record.report();
}

TEST(ARecordOfASemaphore, lets_holders_of_different_slots_be_there_together) {
  const Report report = report_of_parts({"slots=0:5 of=2", "slots=1:5 of=2"});
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_EQ(report.holds[1].slots[0].index, 1U);
}

TEST(ARecordOfASemaphore, finds_two_holders_of_one_slot) {
  const Report report = report_of_parts({"slots=0:5,1:5 of=3", "slots=1:6 of=3"});
  EXPECT_EQ(report.overlaps.size(), 1U);
  EXPECT_THAT(report.crowds, IsEmpty());
  EXPECT_THAT(complaints(report), HasSubstr("slot 0 token 5, slot 1 token 5"));
}

TEST(ARecordOfASemaphore, finds_three_holders_in_two_slots) {
  const Report report = report_of_parts({"slots=0:5 of=2", "slots=1:5 of=2", "slots=2:5 of=2"});
  EXPECT_THAT(report.overlaps, IsEmpty());
  ASSERT_EQ(report.crowds.size(), 1U);
  EXPECT_EQ(report.crowds[0].latest.name, "w3");
  EXPECT_THAT(complaints(report), HasSubstr("made it 3 of 2 slots"));
}

TEST(ARecordOfASemaphore, finds_a_holder_of_both_slots_beside_another_one) {
  const Report report = report_of_parts({"slots=0:5,1:6 of=2", "slots=2:5 of=2"});
  EXPECT_EQ(report.crowds.size(), 1U);
}

TEST(ARecordOfASemaphore, compares_the_tokens_of_each_slot) {
  const auto faults_with = [](const std::string& second) {
    return report_of({ready("w"), held_in_part("w", 1, 9, 1000, "slots=0:9,1:4 of=2"), ended("w", 1, 2000),
                      held_in_part("w", 2, 5, 3000, second + " of=2"), ended("w", 2, 4000)})
        .token_faults.size();
  };
  EXPECT_EQ(faults_with("slots=1:5"), 0U);
  EXPECT_EQ(faults_with("slots=1:4"), 1U);
  EXPECT_EQ(faults_with("slots=0:9,1:4"), 2U);
}

TEST(ARecordOfASemaphore, complains_of_slots_that_it_does_not_understand) {
  for (const char* part : {"slots=0 of=2", "slots=0:1,", "slots=0:1", "slots=a:1 of=2", "slots= of=2"}) {
    EXPECT_THAT(report_of_parts({part}).malformed, Not(IsEmpty())) << part;
  }
}

TEST(ARecordOfASharedLock, lets_readers_be_there_together) {
  EXPECT_THAT(complaints(report_of_parts({"shared=1", "shared=1", "shared=1"})), IsEmpty());
}

TEST(ARecordOfASharedLock, finds_a_reader_beside_a_writer_whoever_came_first) {
  EXPECT_EQ(report_of_parts({"shared=1", "shared=0"}).overlaps.size(), 1U);
  const Report report = report_of_parts({"shared=0", "shared=1"});
  EXPECT_EQ(report.overlaps.size(), 1U);
  EXPECT_THAT(complaints(report), HasSubstr("shared, token 2"));
}

TEST(ARecordOfASharedLock, finds_two_writers_and_each_reader_beside_a_writer) {
  EXPECT_EQ(report_of_parts({"shared=0", "shared=0"}).overlaps.size(), 1U);
  EXPECT_EQ(report_of_parts({"shared=1", "shared=1", "shared=0"}).overlaps.size(), 2U);
}

TEST(ARecordOfASharedLock, compares_a_writers_token_with_all_before_and_a_readers_with_those_of_writers) {
  const auto faults_with = [](int last_token, const std::string& last) {
    return report_of({ready("w"), held_in_part("w", 1, 3, 1000, "shared=0"), ended("w", 1, 2000),
                      held_in_part("w", 2, 6, 3000, "shared=1"), ended("w", 2, 4000),
                      held_in_part("w", 3, last_token, 5000, last), ended("w", 3, 6000)})
        .token_faults.size();
  };
  EXPECT_EQ(faults_with(7, "shared=0"), 0U);
  EXPECT_EQ(faults_with(6, "shared=0"), 1U);
  EXPECT_EQ(faults_with(5, "shared=0"), 1U);
  EXPECT_EQ(faults_with(5, "shared=1"), 0U);
  EXPECT_EQ(faults_with(3, "shared=1"), 1U);
}

TEST(ARecordOfASharedLock, lets_a_writer_keep_its_token_when_it_becomes_a_reader) {
  const auto faults_of = [](const std::string& reader, const std::string& how) {
    return report_of({ready("v"), ready("w"), held_in_part("w", 1, 3, 1000, "shared=0"), ended("w", 1, 2000, how),
                      held_in_part(reader, 2, 3, 2000, "shared=1"), ended(reader, 2, 3000)})
        .token_faults.size();
  };
  EXPECT_EQ(faults_of("w", "changed"), 0U);
  EXPECT_EQ(faults_of("w", "released"), 1U);
  EXPECT_EQ(faults_of("v", "changed"), 1U);
}

TEST(ARecordOfASharedLock, finds_a_writer_between_a_reader_and_its_upgrade) {
  const Report report =
      report_of({ready("v"), ready("w"), held_in_part("w", 1, 3, 1000, "shared=1"),
                 held_in_part("v", 1, 4, 1500, "shared=0"), ended("v", 1, 1600), ended("w", 1, 2000, "changed"),
                 held_in_part("w", 2, 5, 2000, "shared=0"), ended("w", 2, 3000)});
  EXPECT_EQ(report.overlaps.size(), 1U);
  EXPECT_EQ(report.count(Ended::changed), 1U);
  EXPECT_TRUE(report.errors.empty());
}

}  // namespace
}  // namespace leaselock::nfs
