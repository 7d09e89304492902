#include <gtest/gtest.h>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <set>
#include <thread>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

/// The public class, on a real directory.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;
namespace fs = boost::filesystem;

class ASemaphore : public ::testing::Test {
 protected:
  static LockOptions options(Duration lifetime = 20s) {
    LockOptions options;
    options.lifetime = lifetime;
    return options;
  }
  Semaphore make(std::uint32_t slots = 2, Duration lifetime = 20s) const { return {path, slots, options(lifetime)}; }

  TemporaryDirectory directory;
  fs::path path = directory / "processA";
};

TEST_F(ASemaphore, lets_n_hold_and_no_more) {
  Semaphore first = make();
  Semaphore second = make();
  Semaphore third = make();
  first.acquire();
  EXPECT_TRUE(second.try_acquire());
  EXPECT_FALSE(third.try_acquire());
  EXPECT_TRUE(first.may_act());
  EXPECT_TRUE(second.may_act());
  EXPECT_NE(first.held().at(0).index, second.held().at(0).index);
  first.release();
  EXPECT_FALSE(first.may_act());
  EXPECT_TRUE(third.try_acquire());
  EXPECT_FALSE(first.try_acquire());
}

TEST_F(ASemaphore, gives_tokens_that_grow_in_each_slot) {
  Semaphore semaphore = make(1);
  FencingToken before = 0;
  for (int i = 0; i < 5; ++i) {
    semaphore.acquire();
    EXPECT_GT(*semaphore.fencing_token(), before);
    EXPECT_EQ(semaphore.held(), (std::vector<Slot>{{0, *semaphore.fencing_token()}}));
    before = *semaphore.fencing_token();
    semaphore.release();
  }
  EXPECT_TRUE(semaphore.held().empty());
}

TEST_F(ASemaphore, takes_several_slots_or_none) {
  Semaphore one = make(3);
  Semaphore some = make(3);
  one.acquire();
  EXPECT_FALSE(some.try_acquire(3));
  EXPECT_TRUE(some.held().empty());
  EXPECT_TRUE(some.try_acquire(2));
  ASSERT_EQ(some.held().size(), 2U);
  std::set<std::uint32_t> all{one.held()[0].index, some.held()[0].index, some.held()[1].index};
  EXPECT_EQ(all, (std::set<std::uint32_t>{0, 1, 2}));
  some.refresh();
  some.release();
  EXPECT_FALSE(some.may_act());
  EXPECT_TRUE(one.may_act());
  EXPECT_TRUE(some.try_acquire_for(1s, 2));
}

TEST_F(ASemaphore, is_not_passed_by_those_who_want_one_while_it_waits_for_several) {
  Semaphore first = make();
  first.acquire();
  FencingToken all = 0;
  std::thread waits([&] {
    Semaphore both = make();
    both.acquire(2);
    all = *both.fencing_token();
    both.release();
  });
  while (first.status().queue.empty()) std::this_thread::yield();
  FencingToken one = 0;
  std::thread comes_later([&] {
    Semaphore later = make();
    later.acquire();
    one = *later.fencing_token();
    later.release();
  });
  first.release();
  waits.join();
  comes_later.join();
  EXPECT_GT(all, 0U);
  EXPECT_GT(one, 0U);
}

TEST_F(ASemaphore, does_not_leak_the_slot_of_a_lease_that_ran_out) {
  Semaphore first = make(2, 300ms);
  Semaphore second = make(2);
  Semaphore third = make(2);
  first.acquire();
  second.acquire();
  EXPECT_TRUE(third.try_acquire_for(10s));
  EXPECT_EQ(third.held()[0].index, 1 - second.held()[0].index);
  EXPECT_EQ(third.predecessor().end, PredecessorEnd::expired);
  std::error_code error;
  first.refresh(error);
  EXPECT_EQ(error, Errc::lease_lost);
  EXPECT_TRUE(second.may_act());
}

TEST_F(ASemaphore, refuses_another_number_of_slots_and_says_what_to_do) {
  make(2).acquire();
  Semaphore other = make(4);
  try {
    other.acquire();
    FAIL() << "it took a slot";
  } catch (const LockError& error) {
    EXPECT_EQ(error.code(), Errc::different_purpose);
    const std::string text = error.what();
    EXPECT_NE(text.find("it is a semaphore with 2 slots, not a semaphore with 4 slots"), std::string::npos) << text;
    EXPECT_NE(text.find("leaselock resize " + path.string() + " 4"), std::string::npos) << text;
  }
}

TEST_F(ASemaphore, refuses_the_path_of_another_kind_and_the_other_way_round) {
  std::error_code error;
  Semaphore semaphore = make();
  semaphore.acquire();
  Lock(path).lock(error);
  EXPECT_EQ(error, Errc::different_purpose);
  SharedLock(path).lock_shared(error);
  EXPECT_EQ(error, Errc::different_purpose);
  EXPECT_TRUE(semaphore.may_act());
  const fs::path lockfile = directory / "lock";
  Lock lock(lockfile);
  lock.lock();
  Semaphore(lockfile, 1).acquire(1, error);
  EXPECT_EQ(error, Errc::different_purpose);
}

TEST_F(ASemaphore, checks_what_it_is_asked_for) {
  EXPECT_THROW(make(0), LockError);
  EXPECT_THROW(make(Semaphore::most_slots + 1), LockError);
  LockOptions compat;
  compat.mode = Mode::compat;
  EXPECT_THROW(Semaphore(path, 2, compat), LockError);
  std::error_code error;
  Semaphore semaphore = make();
  const auto refuses = [](auto call, const char* words) {
    try {
      call();
    } catch (const LockError& refused) {
      return std::string(refused.what()).find(words) != std::string::npos;
    }
    return false;
  };
  EXPECT_TRUE(refuses([&] { semaphore.acquire(3); }, "3 slots were asked for; the semaphore has 2"));
  EXPECT_TRUE(refuses([&] { semaphore.resize(0); }, "a semaphore has 1 to 1024 slots"));
  EXPECT_TRUE(refuses([&] { semaphore.refresh(0s); }, "the lifetime must be longer than zero"));
  semaphore.acquire(0, error);
  EXPECT_EQ(error, Errc::invalid_options);
  semaphore.acquire(3, error);
  EXPECT_EQ(error, Errc::invalid_options);
  semaphore.acquire(2, error);
  EXPECT_FALSE(error);
  semaphore.acquire(1, error);
  EXPECT_EQ(error, Errc::already_locked);
  LockOptions unfair = options();
  unfair.fair = false;
  Semaphore alone(path, 2, unfair);
  alone.acquire(2, error);
  EXPECT_EQ(error, Errc::invalid_options);
  try {
    alone.acquire(2);
    FAIL();
  } catch (const LockError& refused) {
    EXPECT_NE(std::string(refused.what()).find("2 slots were asked for without a queue"), std::string::npos);
  }
}

TEST_F(ASemaphore, shows_every_holder_and_the_queue) {
  Semaphore first = make(3);
  Semaphore second = make(3);
  EXPECT_EQ(first.status().state, LockState::unlocked);
  first.acquire();
  second.acquire();
  const LockStatus status = first.status();
  EXPECT_EQ(status.kind, LockKind::semaphore);
  EXPECT_EQ(status.slots, 3U);
  ASSERT_EQ(status.holders.size(), 2U);
  EXPECT_LT(*status.holders[0].slot, *status.holders[1].slot);
  EXPECT_EQ(status.state, LockState::unknown);
  EXPECT_TRUE(status.problem.empty()) << status.problem;
  const FencingToken token =
      first.held()[0].index < second.held()[0].index ? *first.fencing_token() : *second.fencing_token();
  EXPECT_EQ(status.holders[0].token, token);
}

TEST_F(ASemaphore, can_be_resized_when_nobody_holds_it) {
  Semaphore semaphore = make(2);
  semaphore.acquire();
  const FencingToken before = *semaphore.fencing_token();
  Semaphore operator_(path, 5, options());
  std::error_code error;
  operator_.resize(3, 100ms, error);
  EXPECT_EQ(error, Errc::timed_out);
  EXPECT_TRUE(semaphore.may_act());
  semaphore.release();
  operator_.resize(3);
  EXPECT_EQ(operator_.slots(), 3U);
  EXPECT_TRUE(operator_.try_acquire(3));
  EXPECT_GT(*operator_.fencing_token(), before);
  operator_.release();
  semaphore.acquire(1, error);
  EXPECT_EQ(error, Errc::different_purpose);
  semaphore.resize(1);
  EXPECT_EQ(make(1).status().slots, 1U);
}

TEST_F(ASemaphore, that_lost_several_slots_holds_only_the_one_that_it_took_anew) {
  Semaphore semaphore = make(3, 100ms);
  semaphore.acquire(2);
  while (semaphore.may_act()) std::this_thread::sleep_for(5ms);
  semaphore.acquire();
  EXPECT_TRUE(semaphore.may_act());
  EXPECT_EQ(semaphore.held().size(), 1U);
}

TEST_F(ASemaphore, of_its_parent_is_not_held_by_a_forked_child) {
  Semaphore semaphore = make();
  semaphore.acquire(2);
  Child child = Child::running([&](Channel& channel) { channel.say(std::to_string(semaphore.held().size())); });
  EXPECT_EQ(child.hear(), "0");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(semaphore.held().size(), 2U);
}

TEST_F(ASemaphore, can_be_made_to_refuse_directories_without_the_fast_path) {
  LockOptions strict = options();
  strict.fast_path = FastPath::required;
  Semaphore first(path, 1, strict);
  first.acquire();
  EXPECT_FALSE(Semaphore(path, 1, strict).try_acquire_until(std::chrono::system_clock::now() + 20ms));
}

TEST_F(ASemaphore, is_mended_by_a_resize_when_a_slot_is_missing) {
  make(3).acquire();
  for (const fs::directory_entry& entry : fs::directory_iterator(path.string() + "|fence")) {
    if (entry.path().filename().string().starts_with("b|1.3|")) fs::remove(entry.path());
  }
  Semaphore semaphore = make(3);
  EXPECT_NE(semaphore.status().problem.find("only 2 of 3 slots"), std::string::npos) << semaphore.status().problem;
  EXPECT_TRUE(semaphore.try_acquire());
  semaphore.release();
  semaphore.resize(3);
  EXPECT_TRUE(semaphore.status().problem.empty());
  EXPECT_TRUE(semaphore.try_acquire(3));
}

TEST_F(ASemaphore, leaves_nothing_when_it_is_cleaned) {
  {
    Semaphore semaphore = make(4);
    semaphore.acquire(2);
  }
  std::this_thread::sleep_for(250ms);  // a hold younger than the grace is not removed
  clean(path);
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST_F(ASemaphore, is_kept_alive_and_held_for_a_piece_of_work) {
  Semaphore semaphore = make(2, 500ms);
  const auto slots = hold(semaphore, [&](KeepAlive& keep) {
    std::this_thread::sleep_for(1200ms);
    EXPECT_TRUE(keep.may_act());
    return semaphore.held();
  });
  EXPECT_EQ(slots.size(), 1U);
  EXPECT_FALSE(semaphore.may_act());
}

}  // namespace
}  // namespace leaselock::test
