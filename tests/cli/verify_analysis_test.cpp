#include "verify/analysis.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "verify/record_json.hpp"
#include "verify/verdict.hpp"

// Goal: `verify` convicts a lock that failed, and no other. Method: records with a planted fault, judged as the
// records of a run are.
namespace leaselock::tool::verify {
namespace {

const std::string host_a = "aaaaaaaaaaaaaaaa";
const std::string host_b = "bbbbbbbbbbbbbbbb";

Hold a_hold(int from, int until, FencingToken token, std::int64_t place) {
  Hold hold;
  hold.waited = std::chrono::milliseconds(1);
  hold.sure = Span{LeaseTime(std::chrono::milliseconds(from)), LeaseTime(std::chrono::milliseconds(until))};
  hold.token = token;
  hold.place = place;
  hold.place_sure = true;
  return hold;
}

WorkerRecord a_worker(unsigned number, std::vector<Hold> holds) {
  WorkerRecord worker;
  worker.number = number;
  worker.mount = "/mnt";
  worker.holds = std::move(holds);
  worker.worked = std::chrono::seconds(1);
  worker.finished = true;
  return worker;
}

HostRecord a_host(const std::string& id, std::vector<WorkerRecord> workers) {
  HostRecord record;
  record.member = {id, "host-" + id.substr(0, 1), id, static_cast<unsigned>(workers.size()), 1, "fenced", {}};
  record.workers = std::move(workers);
  return record;
}

/// Two hosts take turns, two holds each: worker 1 on each. Clocks of hosts have nothing to do with one another.
class Analysis : public ::testing::Test {
 protected:
  std::vector<HostRecord> records{
      a_host(host_a, {a_worker(1, {a_hold(10, 20, 101, 1), a_hold(50, 60, 103, 3)})}),
      a_host(host_b, {a_worker(1, {a_hold(9030, 9040, 102, 2), a_hold(9070, 9080, 104, 4)})})};
  Hold& first_of_a() { return records[0].workers[0].holds[0]; }
  Hold& first_of_b() { return records[1].workers[0].holds[0]; }

  Findings findings(bool all_hosts_reported = true) const { return analyse(records, all_hosts_reported); }
  Verdict verdict() const {
    Contest contest;
    for (const HostRecord& record : records) contest.members.push_back(record.member);
    contest.records = records;
    return judge(contest, findings());
  }
};

TEST_F(Analysis, OfHoldsThatTakeTurnsFindsNothing) {
  EXPECT_EQ(findings().violations(), 0U);
  EXPECT_EQ(findings().holds, 4U);
  EXPECT_EQ(verdict().outcome, Outcome::clean);
  EXPECT_TRUE(verdict().reasons.empty());
}

TEST_F(Analysis, CountsHoldsOfOneHostThatWereSureAtTheSameMoment) {
  records[0].workers.push_back(a_worker(2, {a_hold(15, 16, 0, 0), a_hold(59, 70, 0, 0)}));
  EXPECT_EQ(findings().overlaps, 2U);
  EXPECT_EQ(verdict().outcome, Outcome::broken);
}

TEST_F(Analysis, CountsEveryPairThatOverlaps) {
  records[0].workers = {a_worker(1, {a_hold(10, 90, 0, 0)}), a_worker(2, {a_hold(20, 80, 0, 0)}),
                        a_worker(3, {a_hold(30, 70, 0, 0)})};
  EXPECT_EQ(findings().overlaps, 3U);
}

TEST_F(Analysis, DoesNotCallHoldsThatTouchAnOverlap) {
  records[0].workers.push_back(a_worker(2, {a_hold(20, 30, 0, 0)}));
  EXPECT_EQ(findings().overlaps, 0U);
}

TEST_F(Analysis, NeverComparesTheClocksOfTwoHosts) {
  records[1].workers[0].holds[0].sure = first_of_a().sure;
  EXPECT_EQ(findings().violations(), 0U);
}

TEST_F(Analysis, CountsAnOverstayedHoldUpToItsLastSureMomentOnly) {
  first_of_a().overstayed = true;
  records[0].workers.push_back(a_worker(2, {a_hold(20, 45, 0, 0)}));
  EXPECT_EQ(findings().violations(), 0U);
  EXPECT_EQ(findings().overstayed, 1U);
  EXPECT_EQ(verdict().outcome, Outcome::clean) << "it is no fault of the lock";
  EXPECT_EQ(verdict().notes.size(), 1U) << "but it is said";
}

TEST_F(Analysis, IgnoresAHoldThatWasNeverSure) {
  first_of_a().sure.reset();
  first_of_a().place = 0;
  records[0].workers.push_back(a_worker(2, {a_hold(15, 16, 99, 0)}));
  EXPECT_EQ(findings().violations(), 0U);
}

TEST_F(Analysis, FindsATokenThatGoesBackOnOneHost) {
  records[0].workers[0].holds[1].token = 100;
  records[0].workers[0].holds[1].place = 0;
  EXPECT_EQ(findings().disordered_tokens, 1U);
  EXPECT_EQ(verdict().outcome, Outcome::broken);
}

TEST_F(Analysis, FindsATokenThatGoesBackFromOneHostToTheOther) {
  first_of_b().token = 100;
  EXPECT_EQ(findings().disordered_tokens, 1U);
}

TEST_F(Analysis, DoesNotOrderHoldsWhoseCountWasNotConfirmedInTime) {
  first_of_b().token = 100;
  first_of_b().place_sure = false;
  EXPECT_EQ(findings().disordered_tokens, 0U);
}

TEST_F(Analysis, FindsATokenThatWasGivenOutTwice) {
  first_of_b().token = 101;
  first_of_b().place = 0;
  EXPECT_EQ(findings().repeated_tokens, 1U);
}

TEST_F(Analysis, TakesALostUpdateForASuspicionOnly) {
  first_of_b().place = 1;
  EXPECT_EQ(findings().lost_updates, 1U);
  EXPECT_EQ(findings().violations(), 0U);
  EXPECT_EQ(verdict().outcome, Outcome::unproven);
}

TEST_F(Analysis, ConvictsByAMeetingWithAHoldThatWasValid) {
  first_of_b().met = Meeting{WorkerName{host_a, 1}, 0};
  EXPECT_EQ(findings().meetings, 1U);
  EXPECT_EQ(verdict().outcome, Outcome::broken);
}

TEST_F(Analysis, DoesNotConvictByAMeetingWithAHoldThatOverstayed) {
  first_of_b().met = Meeting{WorkerName{host_a, 1}, 0};
  first_of_a().overstayed = true;
  EXPECT_EQ(findings().meetings, 0U);
  EXPECT_EQ(findings().unclear_meetings, 0U);
  first_of_b().met->hold = 1;
  EXPECT_EQ(findings().meetings, 1U) << "its next hold did not overstay";
}

TEST_F(Analysis, DoesNotConvictByAMeetingWithAWorkerThatDied) {
  first_of_b().met = Meeting{WorkerName{host_a, 1}, 2};
  EXPECT_EQ(findings().meetings, 0U) << "there is no record of that hold";
  EXPECT_EQ(findings().unclear_meetings, 1U);
  first_of_b().met->hold = 0;
  records[0].workers[0].finished = false;
  EXPECT_EQ(findings().unclear_meetings, 1U) << "it never said whether it left the gate";
  EXPECT_EQ(findings().meetings, 0U);
}

TEST_F(Analysis, DoesNotConvictByAMeetingWithAWorkerThatMayHaveBeenForgottenAtTheGate) {
  first_of_b().met = Meeting{WorkerName{host_a, 1}, 0};
  records[0].workers[0].doubtful = true;
  EXPECT_EQ(findings().meetings, 0U);
  EXPECT_EQ(verdict().outcome, Outcome::unproven);
}

TEST_F(Analysis, ConvictsByAMeetingWithSomebodyUnknownOnlyIfEverybodyWasValid) {
  first_of_b().met = Meeting{};
  EXPECT_EQ(findings().meetings, 1U);
  EXPECT_EQ(findings(false).meetings, 0U) << "it may have been somebody of the host that did not report";
  first_of_a().overstayed = true;
  EXPECT_EQ(findings().meetings, 0U);
  EXPECT_EQ(findings().unclear_meetings, 1U);
}

TEST_F(Analysis, CountsALeaseThatWasTakenAwayBeforeItsEnd) {
  first_of_a().lost_early = true;
  EXPECT_EQ(findings().lost_early, 1U);
  EXPECT_EQ(verdict().outcome, Outcome::broken);
}

TEST_F(Analysis, CountsTheWaitThatTheEndCutShort) {
  records[0].workers[0].unserved = std::chrono::seconds(7);
  EXPECT_EQ(findings().rows[0].longest_wait, std::chrono::seconds(7));
  EXPECT_EQ(findings().rows[0].mean_wait, std::chrono::milliseconds(1));
}

TEST_F(Analysis, IsFairWhenAllHoldEquallyOften) {
  EXPECT_DOUBLE_EQ(findings().fairness, 1);
  records[1].workers[0].holds.clear();
  EXPECT_DOUBLE_EQ(findings().fairness, 0.5) << "one of two has everything";
}

TEST_F(Analysis, IsNotCleanWhenAHostOrAWorkerFails) {
  records[0].workers[0].trouble = "No space left on device";
  EXPECT_EQ(verdict().outcome, Outcome::unproven);
  Contest contest;
  contest.members = {records[0].member, records[1].member};
  contest.records = {records[1]};
  const Verdict without_a = judge(contest, analyse(contest.records, false));
  EXPECT_EQ(without_a.outcome, Outcome::unproven);
  ASSERT_EQ(without_a.reasons.size(), 1U);
  EXPECT_NE(without_a.reasons[0].find("host-a"), std::string::npos);
}

TEST_F(Analysis, SaysWhatASingleHostCannotShow) {
  records.pop_back();
  EXPECT_NE(verdict().not_shown.find("--join"), std::string::npos);
  EXPECT_NE(verdict().not_shown.find("nosharecache"), std::string::npos);
  records[0].member.caches = 2;
  EXPECT_EQ(verdict().not_shown.find("nosharecache"), std::string::npos);
  EXPECT_NE(verdict().shown.find("2 mounts"), std::string::npos);
}

TEST_F(Analysis, RecordsSurviveBeingWrittenAndRead) {
  first_of_b().met = Meeting{WorkerName{host_a, 1}, 7};
  first_of_a().met = Meeting{};
  first_of_a().sure.reset();
  for (const HostRecord& record : records) {
    const std::string text = boost::json::serialize(to_json(record));
    const std::optional<HostRecord> again = parse_host_record(text);
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(boost::json::serialize(to_json(*again)), text);
  }
}

TEST_F(Analysis, RecordsThatAreCutOffOrTamperedWithAreNotRead) {
  const std::string text = boost::json::serialize(to_json(records[0]));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_host_record(text.substr(0, length))) << length;
  }
  const auto with = [&text](const std::string& part, const std::string& other) {
    std::string changed = text;
    changed.replace(changed.find(part), part.size(), other);
    return parse_host_record(changed);
  };
  EXPECT_TRUE(with("101", "105"));
  EXPECT_FALSE(with("101", "-1"));
  EXPECT_FALSE(with("101", "\"1\""));
  EXPECT_FALSE(with(host_a, "../../precious..")) << "an id becomes part of a file name";
  EXPECT_FALSE(with("\"workers\":1", "\"workers\":2"));
  EXPECT_FALSE(with("\"leaselock_verify\":1", "\"leaselock_verify\":2"));
}

}  // namespace
}  // namespace leaselock::tool::verify
