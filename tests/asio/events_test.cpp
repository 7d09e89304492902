// Goal: an AsyncLock tells the same events and counts the same as a Lock, before the operation completes. Method: both
// on real files, their words compared.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <mutex>
#include <vector>

#include "fixture.hpp"
#include "leaselock/maintenance.hpp"
#include "step_gate.hpp"

namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

/// What a lock tells, from whatever thread.
class Log {
 public:
  void listen_to(LockOptions& options) {
    options.on_event = [this](const Event& event) {
      const std::lock_guard guard(mutex_);
      events_.push_back(event);
    };
  }
  std::vector<Event> events() const {
    const std::lock_guard guard(mutex_);
    return events_;
  }
  Words words() const {
    Words all;
    for (const Event& event : events()) all.push_back(to_string(event.kind));
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
};

class AsyncEvents : public GatedTest {
 protected:
  LockOptions heard(LockOptions with = options()) {
    log.listen_to(with);
    return with;
  }
  Log log;
};

TEST_F(AsyncEvents, of_a_hold_are_those_of_a_lock_and_come_before_each_operation_completes) {
  AsyncLock async = make(heard());
  EXPECT_FALSE(lock(async));
  EXPECT_EQ(log.words(), Words{"acquired"});
  EXPECT_EQ(log.events()[0].token, async.fencing_token());
  EXPECT_FALSE(refresh(async));
  EXPECT_EQ(log.words(), (Words{"acquired", "refreshed"}));
  EXPECT_FALSE(unlock(async));
  EXPECT_EQ(log.words(), (Words{"acquired", "refreshed", "released"}));
  EXPECT_EQ(log.events()[2].lockfile, path);
}

TEST_F(AsyncEvents, of_waiting_giving_up_and_losing_are_those_of_a_lock) {
  const auto story = [&](Log& told, auto wait, auto take, auto refresh) {
    Lock holder(path, options());
    holder.lock();
    wait();
    holder.unlock();
    take();
    EXPECT_TRUE(unsafe_break(path, options()));
    refresh();
    return told.words();
  };
  Log blocking_log;
  LockOptions with = options();
  with.fast_path = FastPath::off;
  blocking_log.listen_to(with);
  Lock blocking(path, with);
  std::error_code ignored;
  const Words expected = story(
      blocking_log, [&] { EXPECT_FALSE(blocking.try_lock_for(20ms)); }, [&] { blocking.lock(); },
      [&] { blocking.refresh(ignored); });
  AsyncLock async = make(heard());
  const Words seen = story(
      log, [&] { EXPECT_EQ(result_of([&](auto handler) { async.async_lock(20ms, handler); }), Errc::timed_out); },
      [&] { EXPECT_FALSE(lock(async)); }, [&] { EXPECT_EQ(refresh(async), Errc::lease_lost); });
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(seen, (Words{"waiting", "gave_up", "acquired", "lost"}));
}

TEST_F(AsyncEvents, say_that_a_wait_was_cancelled) {
  Lock holder(path, options());
  holder.lock();
  AsyncLock async = make(heard(gated()));
  asio::cancellation_signal signal;
  error_code result;
  gate.stop_at(5);
  async.async_lock(asio::bind_cancellation_slot(signal.slot(), [&](error_code error) { result = error; }));
  gate.wait_until_reached();
  signal.emit(asio::cancellation_type::total);
  gate.open();
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
  ASSERT_FALSE(log.events().empty());
  EXPECT_EQ(log.words().back(), "gave_up");
  EXPECT_EQ(log.events().back().error, Errc::cancelled);
}

TEST_F(AsyncEvents, tell_that_an_object_that_goes_away_gave_its_lock_back) {
  {
    AsyncLock async = make(heard());
    EXPECT_FALSE(lock(async));
  }
  pool.join();
  EXPECT_EQ(log.words(), (Words{"acquired", "released"}));
}

TEST_F(AsyncEvents, are_counted_by_all_locks_that_share_their_counters) {
  LockOptions counted = options();
  counted.counters = std::make_shared<Counters>();
  AsyncLock first = make(counted);
  AsyncLock second(context, directory / "other.lock", counted, pool.get_executor());
  int granted = 0;
  const auto count = [&](error_code error) { granted += error ? 0 : 1; };
  first.async_lock(count);
  second.async_lock(count);
  run();
  EXPECT_EQ(granted, 2);
  EXPECT_FALSE(unlock(first));
  const CounterValues values = counted.counters->values();
  EXPECT_EQ(values.acquisitions, 2U);
  EXPECT_EQ(values.releases, 1U);
  EXPECT_EQ(values.wait.count(), 2U);
  EXPECT_GT(values.requests, 4U);
}

}  // namespace
}  // namespace leaselock::testing
