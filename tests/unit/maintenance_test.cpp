#include "leaselock/maintenance.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/fstream.hpp>
#include <thread>

#include "leaselock/lock.hpp"
#include "leaselock/semaphore.hpp"
#include "support/bench_lock.hpp"

/// Looking at locks, breaking them and clearing up, as operators do.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;

class Maintenance : public testing::Test {
 protected:
  TemporaryDirectory directory;
  fs::path path = directory.path() / "L";

  static LockOptions options() {
    LockOptions options;
    options.stamp_error = 20ms;
    options.grace = 200ms;
    return options;
  }
  void plant(const std::string& name, const std::string& contents = "planted") const {
    fs::ofstream(directory.path() / name) << contents;
  }
  bool exists(const std::string& name) const { return fs::exists(directory.path() / name); }

  /// The process id of somebody who is certainly gone.
  static std::int64_t dead_process() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
  }
  static protocol::Owner owner_with(std::int64_t pid) {
    protocol::Owner owner = ports::native_environment().host.identity();
    owner.pid = pid;
    owner.random = std::string(32, 'd');
    return owner;
  }
};

TEST_F(Maintenance, a_look_at_nothing_finds_nothing_and_makes_nothing) {
  const LockStatus status = inspect(path, options());
  EXPECT_EQ(status.state, LockState::unlocked);
  EXPECT_FALSE(status.holder);
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST_F(Maintenance, a_look_tells_holder_token_and_claim) {
  Lock lock(path, options());
  lock.lock();
  const LockStatus status = inspect(path, options());
  EXPECT_EQ(status.state, LockState::unknown);
  ASSERT_TRUE(status.holder);
  EXPECT_EQ(status.holder->pid, ::getpid());
  EXPECT_EQ(status.holder->token, lock.fencing_token());
  EXPECT_EQ(status.holder->claim, lock.claimfile().filename().string());
  EXPECT_TRUE(status.fence);
  EXPECT_TRUE(status.lock_file);
  EXPECT_EQ(status.problem, "");
  EXPECT_TRUE(status.leftovers.empty());
  lock.unlock();
  EXPECT_EQ(inspect(path, options()).state, LockState::unlocked);
}

TEST_F(Maintenance, a_look_shows_who_waits) {
  Lock holder(path, options());
  holder.lock();
  std::vector<std::string> seen;
  std::stop_source enough;
  LockOptions waiting = options();
  waiting.stop = enough.get_token();
  waiting.on_wait = [&](const Waiting&) {
    seen = inspect(path, options()).waiters;
    if (!seen.empty()) enough.request_stop();
  };
  Lock waiter(path, waiting);
  std::error_code error;
  waiter.lock(error);
  EXPECT_EQ(error, Errc::cancelled);
  EXPECT_EQ(seen, std::vector<std::string>{waiter.claimfile().filename().string()});
}

TEST_F(Maintenance, nonsense_at_the_lock_path_is_described) {
  plant("L", "nothing like a claim");
  EXPECT_EQ(inspect(path, options()).state, LockState::unknown);
  EXPECT_NE(inspect(path, options()).problem.find("claim"), std::string::npos);
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_NE(inspect(path, options()).problem.find("directory"), std::string::npos);
  fs::remove(path);
  fs::create_symlink("elsewhere", path);
  EXPECT_NE(inspect(path, options()).problem.find("symbolic link"), std::string::npos);
  fs::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_NE(inspect(path, options()).problem.find("no file"), std::string::npos);
}

TEST_F(Maintenance, a_lock_broken_by_force_is_free_for_the_next) {
  Lock lock(path, options());
  lock.lock();
  std::error_code error;
  EXPECT_TRUE(unsafe_break(path, options(), error));
  EXPECT_FALSE(error);
  Lock next(path, options());
  next.lock();
  EXPECT_EQ(next.predecessor().end, PredecessorEnd::released);
  EXPECT_FALSE(unsafe_break(directory.path() / "nobody's", options(), error));
  EXPECT_FALSE(error);
}

TEST_F(Maintenance, a_lease_that_runs_is_not_broken_except_by_force) {
  EXPECT_FALSE(break_expired(path, options()));
  EXPECT_TRUE(fs::is_empty(directory.path()));
  Lock lock(path, options());
  lock.lock();
  std::error_code error;
  EXPECT_FALSE(break_expired(path, options(), error));
  EXPECT_EQ(error, Errc::still_alive);
  EXPECT_TRUE(lock.is_locked());
  EXPECT_TRUE(unsafe_break(path, options()));
  EXPECT_FALSE(lock.is_locked());
  EXPECT_EQ(inspect(path, options()).state, LockState::unlocked);
}

TEST_F(Maintenance, of_a_semaphore_that_lacks_a_slot_an_expired_lease_is_broken_all_the_same) {
  LockOptions brief = options();
  brief.lifetime = 100ms;
  Semaphore late(path, 3, brief);
  late.acquire();
  for (const fs::directory_entry& entry : fs::directory_iterator(directory.path() / "L|fence")) {
    if (entry.path().filename().string().find("|f|") == std::string::npos) continue;
    fs::remove(entry.path());
    break;
  }
  while (late.may_act()) std::this_thread::yield();
  std::error_code error = Errc::still_alive;
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (error == Errc::still_alive && std::chrono::steady_clock::now() < end) break_expired(path, options(), error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(inspect(path, options()).holders.empty());
}

TEST_F(Maintenance, cleaning_removes_what_the_dead_left_and_nothing_else) {
  const protocol::Names names("L", "|");
  const std::string dead = names.claim(owner_with(dead_process()), protocol::ClaimKind::fenced, 1);
  protocol::Owner elsewhere = owner_with(dead_process());
  elsewhere.boot = "ffffffffffffffff";
  const std::string foreign = names.claim(elsewhere, protocol::ClaimKind::compat, 1);
  for (const auto& name : {dead, foreign}) plant(name);
  elsewhere = owner_with(::getpid());
  const std::string ours = names.claim(elsewhere, protocol::ClaimKind::fenced, 9);
  plant(ours);
  plant("L|host|4711|8374893749");  // flufl.lock's
  plant("L|precious");
  plant("LL");
  fs::create_directory(directory.path() / names.claim(owner_with(dead_process()), protocol::ClaimKind::fenced, 2));
  const auto unique = [](std::int64_t pid) { return std::to_string(pid) + '.' + owner_with(pid).object_id() + ".1"; };
  const std::string dead_boot = names.boot(unique(dead_process()));
  const std::string dead_aside = names.aside(unique(dead_process()));
  const std::string our_boot = names.boot(unique(::getpid()));
  fs::create_directory(directory.path() / dead_boot);
  plant(dead_boot + "/b|0|0|f|0|0");
  fs::create_directory(directory.path() / our_boot);
  plant(dead_aside);
  Cleaned cleaned = clean(path, options());
  std::ranges::sort(cleaned.removed);
  std::vector<std::string> expected{dead, dead_boot, dead_aside};
  std::ranges::sort(expected);
  EXPECT_EQ(cleaned.removed, expected);
  EXPECT_FALSE(exists(dead));
  EXPECT_TRUE(exists(our_boot));
  for (const auto& name :
       {foreign, ours, std::string("L|host|4711|8374893749"), std::string("L|precious"), std::string("LL")}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  EXPECT_FALSE(exists("L|fence"));
}

TEST_F(Maintenance, cleaning_leaves_what_only_looks_like_something_of_the_dead) {
  const protocol::Names names("L", "|");
  const protocol::Owner dead = owner_with(dead_process());
  const auto unique = [&](int count) {
    return std::to_string(dead.pid) + '.' + dead.object_id() + '.' + std::to_string(count);
  };
  const std::string boot = names.boot(unique(1));
  fs::create_directory(directory.path() / boot);
  plant(boot + "/precious");
  plant(boot + "/b|0|17|f|1795248292430|15000");
  const std::string much_linked = names.aside(unique(2));
  plant(much_linked);
  for (const char* name : {"second", "third"}) {
    fs::create_hard_link(directory.path() / much_linked, directory.path() / name);
  }
  const std::string symlink = names.aside(unique(3));
  fs::create_symlink("second", directory.path() / symlink);
  plant("L|break|1-2-3");  // of somebody who may be at work, for it is new
  EXPECT_TRUE(clean(path, options()).removed.empty());
  for (const auto& name : {boot + "/precious", boot + "/b|0|17|f|1795248292430|15000", much_linked, symlink,
                           std::string("L|break|1-2-3")}) {
    EXPECT_TRUE(exists(name)) << name;
  }
}

TEST_F(Maintenance, cleaning_takes_the_claim_of_one_who_died_with_a_second_link_of_it) {
  const protocol::Names names("L", "|");
  const protocol::Owner dead = owner_with(dead_process());
  const std::string claim = names.claim(dead, protocol::ClaimKind::compat, 1);
  const std::string aside = names.aside(std::to_string(dead.pid) + '.' + dead.object_id() + ".2");
  plant(claim);
  fs::create_hard_link(directory.path() / claim, directory.path() / aside);
  EXPECT_EQ(clean(path, options()).removed.size(), 2U);
  EXPECT_FALSE(exists(claim));
}

TEST_F(Maintenance, cleaning_takes_the_fence_in_which_killed_waiters_still_have_their_places) {
  Lock lock(path, options());
  lock.lock();
  protocol::Ticket ticket;
  ticket.owner = owner_with(dead_process());
  for (ticket.stamp_ns = 1; ticket.stamp_ns <= 8; ++ticket.stamp_ns) {
    plant("L|fence/" + protocol::Names("L", "|").ticket(ticket));
  }
  lock.unlock();
  clean(path, options());
  EXPECT_FALSE(exists("L|fence"));
}

TEST_F(Maintenance, cleaning_takes_the_fence_of_a_free_lock_and_leaves_that_of_a_held_one) {
  Lock lock(path, options());
  lock.lock();
  EXPECT_TRUE(clean(path, options()).removed.empty());
  EXPECT_TRUE(lock.is_locked());
  const auto token = lock.fencing_token();
  lock.unlock();
  EXPECT_EQ(clean(path, options()).removed, std::vector<std::string>{"L|fence"});
  EXPECT_FALSE(exists("L|fence"));
  lock.lock();
  EXPECT_GT(lock.fencing_token(), token);
}

TEST_F(Maintenance, the_locks_of_a_directory_are_found_by_their_traces) {
  Lock first(directory.path() / "first", options());
  first.lock();
  Lock second(directory.path() / "second", options());
  second.lock();
  plant("third|host|1|99");
  plant("fourth|fence|x");
  plant("|host|1|99");
  plant("no|lock|host|1|99");
  plant("no lock");
  const auto found = locks_in(directory.path(), options());
  std::vector<std::string> names;
  for (const auto& lock : found) names.push_back(lock.filename().string());
  EXPECT_EQ(names, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_F(Maintenance, errors_come_in_both_forms) {
  const fs::path nowhere = directory.path() / "missing" / "L";
  std::error_code error;
  inspect(nowhere, options(), error);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
  EXPECT_THROW(inspect(nowhere, options()), LockError);
  LockOptions nonsense = options();
  nonsense.separator = "";
  clean(path, nonsense, error);
  EXPECT_EQ(error, Errc::invalid_options);
  EXPECT_THROW(clean(path, nonsense), LockError);
  locks_in(nowhere, options(), error);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace leaselock::test
