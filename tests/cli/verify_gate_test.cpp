#include "verify/gate.hpp"

#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <memory>

#include "verify/counter.hpp"
#include "verify/scratch.hpp"

// Goal: the witnesses of `verify` see two that are inside at once, and nobody else. Method: real files, and locks that
// let everybody in.
namespace leaselock::tool::verify {
namespace {

namespace fs = boost::filesystem;

const std::string host = "0123456789abcdef";
const WorkerName first{host, 1};
const WorkerName second{host, 2};

struct LockThatLetsEverybodyIn {
  bool valid = true;
  bool may_act() const { return valid; }
};

class GateTest : public ::testing::Test {
 protected:
  GateTest() : directory_(fs::temp_directory_path() / fs::unique_path("leaselock-gate-%%%%%%%%")) {
    fs::create_directory(directory_);
    scratch_ = std::make_unique<Scratch>(directory_.string(), "run");
    scratch_->make_doors(host, 2);
  }
  ~GateTest() override {
    boost::system::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  std::string contest() const { return scratch_->path() + "/" + Scratch::contest; }
  fs::path inside() const { return fs::path(contest()) / gate_name / "inside"; }
  fs::path directory() const { return directory_; }
  const Scratch& scratch() const { return *scratch_; }

  LockThatLetsEverybodyIn lock;

 private:
  fs::path directory_;
  std::unique_ptr<Scratch> scratch_;
};

TEST_F(GateTest, OneAfterTheOtherMeetsNobody) {
  Gate one(contest(), first, {second});
  Gate two(contest(), second, {first});
  for (Gate* gate : {&one, &two, &one, &two}) {
    EXPECT_FALSE(gate->enter(lock));
    gate->leave();
    EXPECT_FALSE(gate->doubtful());
  }
}

TEST_F(GateTest, TheSecondInsideMeetsTheFirstAndKnowsItsHold) {
  Gate one(contest(), first, {second});
  Gate two(contest(), second, {first});
  one.announce(41);
  EXPECT_FALSE(one.enter(lock));
  const std::optional<Meeting> met = two.enter(lock);
  ASSERT_TRUE(met && met->who);
  EXPECT_EQ(*met->who, first);
  EXPECT_EQ(met->hold, 41U);
  two.leave();
  EXPECT_TRUE(fs::exists(inside())) << "it is not the second one's to remove";
  one.leave();
  EXPECT_FALSE(fs::exists(inside()));
}

TEST_F(GateTest, WhoIsNotInTheLockMeetsNobody) {
  Gate one(contest(), first, {second});
  Gate two(contest(), second, {first});
  EXPECT_FALSE(one.enter(lock));
  EXPECT_FALSE(two.enter(LockThatLetsEverybodyIn{false})) << "the other may well be inside";
}

TEST_F(GateTest, SomebodyWhoCannotBeToldIsMetAllTheSame) {
  Gate one(contest(), first, {second});
  Gate two(contest(), second, {});
  EXPECT_FALSE(one.enter(lock));
  const std::optional<Meeting> met = two.enter(lock);
  ASSERT_TRUE(met);
  EXPECT_FALSE(met->who);
}

TEST_F(GateTest, ALinkThatWasMadeAgainAfterItWasRemovedMakesItsOwnerDoubtful) {
  Gate one(contest(), first, {second});
  EXPECT_FALSE(one.enter(lock));
  one.leave();
  fs::create_hard_link(fs::path(contest()) / doors_name / door_of(first), inside());
  EXPECT_TRUE(one.doubtful()) << "seen after the last hold";
  EXPECT_FALSE(one.enter(lock)) << "it did not meet itself";
  one.leave();
  EXPECT_TRUE(one.doubtful()) << "and not forgotten";
}

TEST_F(GateTest, WhoGoesWithoutLeavingIsCleanedUp) {
  { EXPECT_FALSE(Gate(contest(), first, {second}).enter(lock)); }
  EXPECT_FALSE(fs::exists(inside()));
}

TEST_F(GateTest, TheCounterKeepsWhatWasWritten) {
  const Counter one(contest());
  const Counter two(contest());
  const std::int64_t start = one.read();
  one.write(start + 1);
  EXPECT_EQ(two.read(), start + 1);
}

TEST_F(GateTest, TheScratchDirectoryIsRemovedWithAllThatARunPutsThere) {
  scratch().write("record." + host, "{}");
  scratch().write_first("start", host, "[]");
  scratch().write_first("start", "fedcba9876543210", "[1]");
  EXPECT_EQ(scratch().read_first("start"), "[]") << "only the first one counts";
  EXPECT_TRUE(scratch().remove());
  EXPECT_TRUE(fs::is_empty(directory()));
}

TEST_F(GateTest, WhatNoRunPutsThereIsNotRemoved) {
  const fs::path precious = fs::path(scratch().path()) / "precious";
  fs::create_directory(precious);
  fs::create_directory_symlink(precious, fs::path(scratch().path()) / "start");
  EXPECT_FALSE(scratch().remove());
  EXPECT_TRUE(fs::exists(precious));
}

TEST_F(GateTest, AFileThatIsALinkIsNotRead) {
  scratch().write("member." + host, "secret");
  fs::create_symlink(fs::path(scratch().path()) / ("member." + host), fs::path(scratch().path()) / "record.x");
  EXPECT_FALSE(scratch().read("record.x"));
}

}  // namespace
}  // namespace leaselock::tool::verify
