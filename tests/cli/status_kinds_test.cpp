#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>
#include <stop_token>
#include <thread>

#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
#include "support/cli_test.hpp"

// Goal: `status` shows every holder and waiter of semaphores and shared locks. Method: real ones, in each state.
namespace leaselock::cli_test {
namespace {

namespace json = boost::json;

LockOptions for_a_minute() {
  LockOptions options;
  options.lifetime = std::chrono::seconds(60);
  return options;
}

class StatusOfManyHolders : public CliTest {
 protected:
  json::object as_json(int expected_status) {
    const Result result = run({"status", "--json", lockfile()});
    EXPECT_EQ(result.status, expected_status) << result.err << result.out;
    return json::parse(result.out).as_object();
  }
  /// The lines of `status` after the first.
  std::vector<std::string> table() {
    std::istringstream stream(run({"status", lockfile()}).out);
    std::vector<std::string> rows;
    for (std::string line; std::getline(stream, line);) rows.push_back(line);
    rows.erase(rows.begin());
    return rows;
  }
  std::string first_line() {
    const std::string out = run({"status", lockfile()}).out;
    return out.substr(0, out.find('\n'));
  }
  bool has_queue_of(std::size_t length) {
    return eventually([&] { return as_json(1).at("queue").as_array().size() == length; });
  }
};

/// Somebody who waits until the test has ended.
class Waits {
 public:
  template <class Take>
  explicit Waits(Take take)
      : thread_([take](const std::stop_token& stop) {
          LockOptions options = for_a_minute();
          options.stop = stop;
          options.fast_path = FastPath::off;  // with it only the first of a host has a place in the queue
          std::error_code ignored;
          take(options, ignored);
        }) {}

 private:
  std::jthread thread_;
};

TEST_F(StatusOfManyHolders, OfASemaphoreHasARowForEachSlotThatIsHeld) {
  Semaphore first(lockfile(), 3, for_a_minute());
  Semaphore second(lockfile(), 3, for_a_minute());
  first.acquire();
  second.acquire();
  EXPECT_EQ(first_line(), lockfile() + ": 2 of 3 slots held");
  const auto rows = table();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(contains(rows[0], "slot  host")) << rows[0];
  for (const Semaphore* holder : {&first, &second}) {
    const Slot slot = holder->held().at(0);
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const std::string& line) { return contains(line, std::to_string(slot.token)); });
    ASSERT_NE(row, rows.end());
    EXPECT_TRUE(contains(*row, "     " + std::to_string(slot.index) + "  ")) << *row;
    EXPECT_TRUE(contains(*row, std::to_string(getpid()))) << *row;
    EXPECT_TRUE(row->ends_with("held")) << *row;
  }
}

TEST_F(StatusOfManyHolders, OfASemaphoreInJsonHasItsSlots) {
  Semaphore semaphore(lockfile(), 3, for_a_minute());
  semaphore.acquire(2);
  const json::object status = as_json(1);
  EXPECT_EQ(status.at("kind"), json::value("semaphore"));
  EXPECT_EQ(status.at("slots").to_number<int>(), 3);
  const json::array& holders = status.at("holders").as_array();
  ASSERT_EQ(holders.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const json::object& holder = holders[i].as_object();
    EXPECT_EQ(holder.size(), 8U);
    EXPECT_EQ(holder.at("slot").to_number<std::uint32_t>(), semaphore.held()[i].index);
    EXPECT_EQ(holder.at("token").to_number<FencingToken>(), semaphore.held()[i].token);
    EXPECT_EQ(holder.at("pid").to_number<int>(), getpid());
    EXPECT_TRUE(holder.at("host").is_string());
    EXPECT_TRUE(holder.at("expires").as_string().ends_with("Z"));
    EXPECT_FALSE(holder.at("shared").as_bool());
    EXPECT_FALSE(holder.at("gone").as_bool());
  }
}

TEST_F(StatusOfManyHolders, OfASemaphoreThatNobodyHoldsIsZero) {
  Semaphore semaphore(lockfile(), 3, for_a_minute());
  semaphore.acquire();
  semaphore.release();
  EXPECT_EQ(first_line(), lockfile() + ": 0 of 3 slots held");
  EXPECT_TRUE(as_json(0).at("holders").as_array().empty());
  EXPECT_EQ(run({"status", "--quiet", lockfile()}).status, 0);
}

TEST_F(StatusOfManyHolders, OfASemaphoreShowsWhoWaitsInOrderOfArrival) {
  Semaphore holder(lockfile(), 1, for_a_minute());
  holder.acquire();
  const auto acquire = [this](const LockOptions& options, std::error_code& error) {
    Semaphore(lockfile(), 1, options).acquire(1, error);
  };
  const Waits first(acquire);
  ASSERT_TRUE(has_queue_of(1));
  const std::string came_first(as_json(1).at("queue").at(0).at("since").as_string());
  const Waits second(acquire);
  ASSERT_TRUE(has_queue_of(2));
  EXPECT_EQ(as_json(1).at("queue").at(0).at("since").as_string(), came_first);
  EXPECT_EQ(first_line(), lockfile() + ": 1 of 1 slots held, 2 wait");
  const auto rows = table();
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_TRUE(contains(rows[2], "queue  host")) << rows[2];
  EXPECT_TRUE(rows[3].starts_with("      1  ")) << rows[3];
  EXPECT_TRUE(rows[4].starts_with("      2  ")) << rows[4];
}

TEST_F(StatusOfManyHolders, OfASemaphoreNamesAHolderThatIsGone) {
  const pid_t child = fork();
  if (child == 0) {
    Semaphore semaphore(lockfile(), 2, for_a_minute());
    semaphore.acquire();
    _exit(0);  // without destructors: nothing is released
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(first_line(), lockfile() + ": 1 of 2 slots held");
  EXPECT_TRUE(as_json(1).at("holders").at(0).at("gone").as_bool());
  const auto rows = table();
  EXPECT_TRUE(rows[1].ends_with("process is gone")) << rows[1];
  EXPECT_TRUE(contains(rows[2], "nothing needs to be done")) << rows[2];
}

TEST_F(StatusOfManyHolders, OfASharedLockTellsReadersFromAWriter) {
  SharedLock one(lockfile(), for_a_minute());
  SharedLock other(lockfile(), for_a_minute());
  one.lock_shared();
  EXPECT_EQ(first_line(), lockfile() + ": held by a reader");
  other.lock_shared();
  EXPECT_EQ(first_line(), lockfile() + ": held by 2 readers");
  json::object status = as_json(1);
  EXPECT_EQ(status.at("kind"), json::value(to_string(LockKind::shared_lock)));
  EXPECT_TRUE(status.at("slots").is_null());
  EXPECT_EQ(status.at("holders").as_array().size(), 2U);
  EXPECT_TRUE(status.at("holders").at(0).at("shared").as_bool());
  for (const SharedLock* reader : {&one, &other}) {
    EXPECT_TRUE(contains(run({"status", lockfile()}).out, std::to_string(*reader->fencing_token()) + "  reads"));
  }
  one.unlock_shared();
  other.unlock_shared();
  EXPECT_EQ(first_line(), lockfile() + ": unlocked");
  EXPECT_EQ(as_json(0).at("state"), json::value("unlocked"));
  one.lock();
  EXPECT_EQ(first_line(), lockfile() + ": held by a writer");
  EXPECT_FALSE(as_json(1).at("holders").at(0).at("shared").as_bool());
}

TEST_F(StatusOfManyHolders, OfASharedLockShowsTheWriterThatWaits) {
  SharedLock reader(lockfile(), for_a_minute());
  reader.lock_shared();
  const Waits writer(
      [this](const LockOptions& options, std::error_code& error) { SharedLock(lockfile(), options).lock(error); });
  EXPECT_TRUE(eventually([&] { return first_line() == lockfile() + ": held by a reader, a writer comes next"; }));
  const Waits late([this](const LockOptions& options, std::error_code& error) {
    SharedLock(lockfile(), options).lock_shared(error);
  });
  ASSERT_TRUE(has_queue_of(1)) << "no new reader passes it";
  EXPECT_EQ(first_line(), lockfile() + ": held by a reader, a writer comes next, 1 waits");
}

TEST_F(StatusOfManyHolders, OfALockHasOneHolder) {
  const Lock holder = held(lockfile());
  const json::object status = as_json(1);
  EXPECT_EQ(status.at("kind"), json::value("lock"));
  EXPECT_TRUE(status.at("slots").is_null());
  ASSERT_EQ(status.at("holders").as_array().size(), 1U);
  EXPECT_EQ(status.at("holders").at(0).at("pid").to_number<int>(), getpid());
  EXPECT_EQ(status.at("holders").at(0).at("token"), status.at("token"));
  EXPECT_TRUE(status.at("holders").at(0).at("slot").is_null());
}

TEST_F(StatusOfManyHolders, KeepsToTheWidthOfATerminal) {
  Semaphore semaphore(lockfile(), 2, for_a_minute());
  semaphore.acquire(2);
  Settings how = settings();
  how.on_terminal = true;
  how.environment = {{"TERM", "xterm"}};
  const std::string out = run({"status", lockfile()}, how).out;
  EXPECT_TRUE(contains(out, "\x1b[33m2 of 2 slots held\x1b[0m")) << out;
  EXPECT_FALSE(contains(run({"status", lockfile()}).out, "\x1b")) << "plain in a pipe";
}

}  // namespace
}  // namespace leaselock::cli_test
