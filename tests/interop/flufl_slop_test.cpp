// Goal: we break the lock of a flufl.lock process no earlier than its own kind would, ten seconds after its expiry, and
// it cannot harm us afterwards. Method: waiting for it; these tests are slow.
#include "flufl_peer.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Child;

class AfterItsSlop : public WithFluflLock {};

INSTANTIATE_TEST_SUITE_P(in, AfterItsSlop, testing::both_modes, testing::name_of_mode);

TEST_P(AfterItsSlop, we_break_the_lock_of_a_killed_python_holder) {
  Child peer = flufl_peer(path(), 1);
  ASSERT_EQ(peer.ask("lock"), "locked");
  {
    Lock lock(path(), options());
    const WallTime expiration = lock.expiration();
    peer.kill();
    EXPECT_FALSE(lock.try_lock());
    lock.lock(60s);
    EXPECT_GE(std::chrono::system_clock::now(), expiration + 10s) << "earlier than a flufl.lock peer would";
    EXPECT_TRUE(lock.is_locked());
    EXPECT_NO_THROW(lock.unlock());
  }
  EXPECT_EQ(clean(path(), options()).kept, 0U);
  EXPECT_EQ(directory.names(), std::vector<std::string>{});
}

TEST_P(AfterItsSlop, a_sleeping_python_holder_whose_lock_we_broke_does_no_harm_to_ours) {
  Child sleeper = flufl_peer(path(), 1);
  ASSERT_EQ(sleeper.ask("lock"), "locked");
  sleeper.stop();
  Lock lock(path(), options());
  lock.lock(60s);
  sleeper.go_on();
  EXPECT_EQ(sleeper.ask("is_locked"), "False");
  EXPECT_EQ(sleeper.ask("unlock"), "NotLockedError");
  EXPECT_EQ(sleeper.ask("lock 1"), "TimeOutError");
  EXPECT_TRUE(lock.is_locked());
  EXPECT_NO_THROW(lock.refresh());
  EXPECT_NO_THROW(lock.unlock());
}

}  // namespace
}  // namespace leaselock
