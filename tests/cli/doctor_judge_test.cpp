#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "doctor/judge.hpp"

// Goal: `doctor` draws the right conclusions from what its probes found. Method: facts of healthy and of sick places,
// each sick one with a single thing changed, so that no real file system of that kind is needed.
namespace leaselock::tool::doctor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Changed = void (*)(Facts&);

Stamps stamps(Duration offset, Duration step = milliseconds(4)) {
  Stamps result;
  result.offset_low = offset - milliseconds(2);
  result.offset_high = offset + milliseconds(2);
  result.step = step;
  result.repeated = true;
  result.samples = 20;
  return result;
}

void set_stamps(Facts& facts, const Stamps& all) {
  facts.touched_directory = facts.touched_file = facts.changed_directory = all;
}

Facts local_facts() {
  Facts facts;
  facts.directory = "/var/locks";
  facts.mount = {"ext4", "/dev/vda", "/", {"rw"}};
  facts.local = true;
  facts.place.free_bytes = std::uint64_t{1} << 30;
  facts.names.race.rounds = 200;
  set_stamps(facts, stamps(Duration::zero()));
  facts.speed = {30, milliseconds(1), milliseconds(2)};
  facts.record_locks = Fault();
  return facts;
}

Facts mounted_facts(const std::string& type, const std::vector<std::string>& options = {}) {
  Facts facts = local_facts();
  facts.directory = "/mnt/shared";
  facts.mount = {type, "server:/export", "/mnt/shared", options};
  facts.local = false;
  facts.record_locks.reset();
  return facts;
}

Facts nfs_facts(const std::string& version = "4.2") { return mounted_facts("nfs4", {"rw", "hard", "vers=" + version}); }

bool mentions(const Diagnosis& diagnosis, const std::string& part) {
  return std::ranges::any_of(diagnosis.findings, [&part](const Finding& finding) {
    return (finding.subject + ": " + finding.text + " " + finding.advice).find(part) != std::string::npos;
  });
}

TEST(DoctorJudgement, TrustsAHealthyLocalFileSystemInEveryMode) {
  const Diagnosis diagnosis = judge(local_facts());
  EXPECT_EQ(diagnosis.fenced, Verdict::yes);
  EXPECT_EQ(diagnosis.compat, Verdict::yes);
  EXPECT_EQ(diagnosis.fast_path, Verdict::yes);
  EXPECT_EQ(diagnosis.settings.lifetime, seconds(15));
  EXPECT_EQ(diagnosis.settings.refresh, seconds(5));
  EXPECT_EQ(diagnosis.settings.stamp_error, std::nullopt);
  EXPECT_TRUE(diagnosis.settings.mirror);
  EXPECT_TRUE(diagnosis.settings.trust_server_clock);
}

TEST(DoctorJudgement, TrustsHealthyNfsOfEveryVersionButPromisesNoMoreThanFluflLockForCompat) {
  for (const char* version : {"3", "4.0", "4.1", "4.2"}) {
    const Diagnosis diagnosis = judge(nfs_facts(version));
    EXPECT_EQ(diagnosis.fenced, Verdict::yes) << version;
    EXPECT_EQ(diagnosis.compat, Verdict::conditions) << version;
    EXPECT_EQ(diagnosis.fast_path, Verdict::no) << version;
    EXPECT_TRUE(mentions(diagnosis, std::string("NFS ") + version + " from server:/export")) << version;
    const bool old = std::string(version) < "4.1";
    EXPECT_EQ(mentions(diagnosis, "may execute a removal twice"), old) << version;
    EXPECT_TRUE(diagnosis.settings.trust_server_clock) << version;
  }
}

struct Sick {
  const char* name;
  Changed change;
  Verdict fenced;
  Verdict compat;
  const char* says;
};

TEST(DoctorJudgement, LowersTheVerdictForEachThingThatIsWrong) {
  constexpr Verdict yes = Verdict::yes;
  constexpr Verdict maybe = Verdict::conditions;
  constexpr Verdict no = Verdict::no;
  const Sick table[] = {
      {"rename", [](Facts& f) { f.names.rename = "the old name is still there"; }, no, no, "still there"},
      {"missing", [](Facts& f) { f.names.rename_of_missing = "was allowed"; }, no, no, "was allowed"},
      {"full", [](Facts& f) { f.names.rename_over_full = "was replaced"; }, no, no, "was replaced"},
      {"empty", [](Facts& f) { f.names.rename_over_empty = "failed"; }, yes, maybe, "failed, which is allowed for"},
      {"two winners", [](Facts& f) { f.names.race.two_winners = 1; }, no, no, "1 of 200 races"},
      {"no winner", [](Facts& f) { f.names.race.no_winner = 3; }, maybe, maybe, "answers get lost"},
      {"no race", [](Facts& f) { f.names.race.rounds = 0; }, no, no, "no race"},
      {"create", [](Facts& f) { f.names.exclusive_create = "was allowed"; }, no, no, "creation: was allowed"},
      {"mkdir", [](Facts& f) { f.names.exclusive_mkdir = "was allowed"; }, no, no, "creation: was allowed"},
      {"inodes", [](Facts& f) { f.names.identity = "the same inode"; }, no, no, "the same inode"},
      {"links", [](Facts& f) { f.names.hard_link = "refused"; }, maybe, no, "--no-mirror"},
      {"count", [](Facts& f) { f.names.link_count = "stays 1"; }, maybe, no, "--no-mirror"},
      {"frozen", [](Facts& f) { f.touched_directory.step = {}; }, no, maybe, "no new time stamp"},
      {"backward", [](Facts& f) { f.touched_directory.backward = 1; }, maybe, maybe, "trust_server_clock"},
      {"coarse", [](Facts& f) { set_stamps(f, stamps({}, seconds(2))); }, maybe, maybe, "stamp_error"},
      {"1 s stamps", [](Facts& f) { set_stamps(f, stamps({}, seconds(1))); }, yes, maybe, "steps of 1.0s"},
      {"touch is ours", [](Facts& f) { f.changed_directory = stamps(seconds(3)); }, maybe, maybe, "away from a rename"},
      {"file is ours", [](Facts& f) { f.touched_file = stamps(seconds(3)); }, yes, maybe, "a touch of a file"},
      {"file is far", [](Facts& f) { f.touched_file = stamps(seconds(30)); }, yes, no, "a touch of a file"},
      {"clock 5 s off", [](Facts& f) { set_stamps(f, stamps(seconds(5))); }, yes, maybe, "5.0s ahead of ours"},
      {"clock 1 h off", [](Facts& f) { set_stamps(f, stamps(-hours(1))); }, yes, no, "1h00m behind ours"},
      {"fenced fails", [](Facts& f) { f.trial.fenced = f.trial.without_mirror = "bad"; }, no, maybe, "fenced: bad"},
      {"mirror fails", [](Facts& f) { f.trial.fenced = "bad"; }, maybe, maybe, "without the mirror it works"},
      {"compat fails", [](Facts& f) { f.trial.compat = "bad"; }, yes, no, "compat: bad"},
      {"no requests", [](Facts& f) { f.speed = {}; }, no, no, "no rename succeeded"},
      {"slow", [](Facts& f) { f.speed.worst = seconds(4); }, yes, maybe, "slower than a healthy server"},
      {"no space", [](Facts& f) { f.place.free_bytes = 1 << 20; }, yes, maybe, "make room"},
      {"no inodes", [](Facts& f) { f.place.all_inodes = 1 << 20; }, yes, maybe, "make room"},
      {"sticky", [](Facts& f) { f.place.mode = 01777; }, yes, maybe, "drwxrwxrwt"},
      {"open to all", [](Facts& f) { f.place.mode = 0777; }, yes, maybe, "chmod o-w"},
      {"a group's", [](Facts& f) { f.place.mode = 0770; }, yes, maybe, "--permissions 0660"},
      {"squashed", [](Facts& f) { f.place.made_as = 65534; }, yes, maybe, "for user 65534"},
      {"soft", [](Facts& f) { f.mount.options.push_back("soft"); }, yes, maybe, "mount it `hard`"},
      {"nolock", [](Facts& f) { f.mount.options.push_back("nolock"); }, yes, maybe, "leaselock uses no such locks"},
      {"local_lock", [](Facts& f) { f.mount.options.push_back("local_lock=flock"); }, yes, maybe, "local_lock"},
      {"noac", [](Facts& f) { f.mount.options.push_back("noac"); }, yes, maybe, "without `noac`"},
      {"lookups", [](Facts& f) { f.mount.options.push_back("lookupcache=none"); }, yes, maybe,
       "looked up on the server"},
      {"actimeo", [](Facts& f) { f.mount.options.push_back("acdirmin=60"); }, yes, maybe, "for at least 60 s"},
  };
  for (const Sick& sick : table) {
    Facts facts = nfs_facts();
    EXPECT_FALSE(mentions(judge(facts), sick.says)) << sick.name << " is told apart from the healthy place";
    sick.change(facts);
    const Diagnosis diagnosis = judge(facts);
    EXPECT_EQ(diagnosis.fenced, sick.fenced) << sick.name;
    EXPECT_EQ(diagnosis.compat, sick.compat) << sick.name;
    EXPECT_TRUE(mentions(diagnosis, sick.says)) << sick.name;
  }
}

TEST(DoctorJudgement, TrustsNoFileSystemUnconditionallyThatNobodyTested) {
  for (const char* type : {"cifs", "smb3", "ceph", "lustre", "gpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.unheard-of",
                           "9p", "virtiofs", "vfat", "beegfs", "something-new", ""}) {
    const Diagnosis diagnosis = judge(mounted_facts(type));
    EXPECT_EQ(diagnosis.fenced, Verdict::conditions) << type;
    EXPECT_EQ(diagnosis.fast_path, Verdict::no) << type;
    EXPECT_FALSE(diagnosis.settings.trust_server_clock) << type << ": whose clock stamps is not known";
    EXPECT_TRUE(mentions(diagnosis, "not tested by us")) << type;
  }
}

TEST(DoctorJudgement, TrustsNoObjectStoreWhoseRenamesAreCopies) {
  for (const char* type : {"fuse.s3fs", "fuse.rclone", "fuse.blobfuse2"}) {
    EXPECT_EQ(judge(mounted_facts(type)).fenced, Verdict::no) << type << ", whatever the probes saw";
  }
}

TEST(DoctorJudgement, TakesNoStepsOfASlowServersAnswersForCoarseStamps) {
  Facts facts = nfs_facts();
  set_stamps(facts, stamps({}, seconds(3)));
  facts.touched_directory.repeated = false;
  EXPECT_EQ(judge(facts).fenced, Verdict::yes);
  EXPECT_EQ(judge(facts).settings.stamp_error, std::nullopt);
}

TEST(DoctorJudgement, SeesNoSecondClockWhereTheMeasuringIsTooCoarseToTell) {
  Facts facts = nfs_facts();
  facts.touched_directory.offset_high += milliseconds(400);
  facts.changed_directory = stamps(milliseconds(300));
  EXPECT_FALSE(mentions(judge(facts), "stamp source"));
  EXPECT_TRUE(judge(facts).settings.trust_server_clock);
  std::swap(facts.touched_directory, facts.changed_directory);
  facts.touched_file = facts.touched_directory;
  EXPECT_FALSE(mentions(judge(facts), "stamp source"));
}

TEST(DoctorJudgement, LeavesTheServersClockOutOfItWhereStampsAreDoubtful) {
  Facts facts = nfs_facts();
  facts.touched_directory.backward = 1;
  EXPECT_FALSE(judge(facts).settings.trust_server_clock) << "stamps went back";
  facts = nfs_facts();
  facts.changed_directory = stamps(seconds(-3));
  EXPECT_FALSE(judge(facts).settings.trust_server_clock) << "a touch is stamped by another clock than a rename";
}

TEST(DoctorJudgement, KeepsTheMirrorAwayWhereThereAreNoHardLinks) {
  Facts facts = nfs_facts();
  facts.names.link_count = "stays 1";
  EXPECT_FALSE(judge(facts).settings.mirror);
}

TEST(DoctorJudgement, UsesNoFastPathWhereRecordLocksFail) {
  Facts facts = local_facts();
  facts.record_locks = "two openings of one file held the same lock";
  const Diagnosis diagnosis = judge(facts);
  EXPECT_EQ(diagnosis.fast_path, Verdict::no);
  EXPECT_EQ(diagnosis.fenced, Verdict::yes) << "fenced mode does without";
}

TEST(DoctorJudgement, SaysWhatOneHostCannotSee) {
  const auto says = [](const Facts& facts, const std::string& part) {
    return std::ranges::any_of(judge(facts).unproven,
                               [&part](const std::string& text) { return text.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(says(nfs_facts(), "leaselock verify"));
  EXPECT_TRUE(says(nfs_facts(), "`sync`"));
  EXPECT_TRUE(says(mounted_facts("cifs"), "leaselock verify"));
  EXPECT_FALSE(says(mounted_facts("cifs"), "`sync`")) << "that is a matter of NFS";
  EXPECT_TRUE(says(local_facts(), "exported"));
}

/// The inequality of docs/operating.md, with a drift of 1/1000 and four requests to a refresh.
bool bears(Duration lifetime, Duration stamp_error, Duration pause, Duration slowest) {
  const auto in_seconds = [](Duration length) { return std::chrono::duration<double>(length).count(); };
  return in_seconds(lifetime) * (1.0 / 3 - 0.001) >=
         in_seconds(stamp_error) + 0.06 + in_seconds(pause) + 4 * in_seconds(slowest);
}

TEST(DoctorRecommendation, KeepsTheInequalityForEveryLatency) {
  for (const Duration slowest : {Duration(milliseconds(0)), Duration(milliseconds(1)), Duration(milliseconds(200)),
                                 Duration(seconds(1)), Duration(seconds(20))}) {
    Facts facts = nfs_facts();
    facts.speed.worst = slowest;
    const Settings settings = recommend(facts);
    EXPECT_TRUE(bears(settings.shortest_lifetime, seconds(1), {}, slowest)) << slowest.count();
    EXPECT_TRUE(bears(settings.lifetime, seconds(1), seconds(3), 3 * slowest)) << slowest.count();
    EXPECT_GE(settings.shortest_lifetime, seconds(5)) << "the library takes no less on a network";
    EXPECT_GE(settings.lifetime, seconds(15));
    EXPECT_EQ(settings.refresh, settings.lifetime / 3);
  }
}

TEST(DoctorRecommendation, GrowsWithTheLatencyOnly) {
  Facts facts = nfs_facts();
  facts.speed.worst = milliseconds(20);
  EXPECT_EQ(recommend(facts).lifetime, seconds(15)) << "an ordinary server needs no more than the default";
  facts.speed.worst = milliseconds(500);
  EXPECT_EQ(recommend(facts).lifetime, seconds(45));
  EXPECT_EQ(recommend(facts).shortest_lifetime, milliseconds(9300)) << "(1 s + 0.06 s + 4 * 0.5 s) * 3.009, rounded up";
}

TEST(DoctorRecommendation, WidensTheErrorsWhereStampsAreCoarse) {
  Facts facts = nfs_facts();
  set_stamps(facts, stamps({}, milliseconds(1500)));
  const Settings settings = recommend(facts);
  EXPECT_EQ(settings.stamp_error, Duration(seconds(2)));
  EXPECT_EQ(settings.grace, Duration(seconds(4)));
  EXPECT_GE(settings.shortest_lifetime, seconds(10)) << "five times the error of a stamp";
}

TEST(DoctorRecommendation, WidensTheErrorsOfALocalFileSystemToo) {
  Facts facts = local_facts();
  set_stamps(facts, stamps({}, milliseconds(95)));
  EXPECT_EQ(recommend(facts).stamp_error, Duration(milliseconds(100)));
  EXPECT_EQ(recommend(facts).shortest_lifetime, milliseconds(600)) << "(0.1 s + 0.06 s + 4 * 2 ms) * 3.009";
}

}  // namespace
}  // namespace leaselock::tool::doctor
