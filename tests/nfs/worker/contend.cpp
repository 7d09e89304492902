#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "commands.hpp"
#include "hold.hpp"
#include "holdable.hpp"
#include "leaselock/error.hpp"
#include "line.hpp"
#include "lock_options.hpp"
#include "record/cycles.hpp"
#include "stop_signal.hpp"
#include "trace_file.hpp"

namespace leaselock::nfs {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Contest {
  std::string lockfile;
  std::string name;
  std::string mode;
  LockOptions options;
  Arguments::Range hold_ms{};
  Arguments::Range idle_ms{};
  std::optional<nanoseconds> duration;
  std::optional<std::int64_t> holds;
  bool refresh = false;
  double destroy_chance = 0;
  std::uint64_t seed = 1;
};

Contest read(Arguments& arguments) {
  Contest contest;
  contest.lockfile = arguments.positional(0, "LOCKFILE");
  contest.name = arguments.text("--name", "worker");
  contest.mode = arguments.text("--mode", "fenced");
  contest.options = lock_options(arguments);
  contest.hold_ms = arguments.range("--hold", {20, 60});
  contest.idle_ms = arguments.range("--idle", {0, 20});
  if (arguments.given("--seconds")) contest.duration = arguments.seconds("--seconds", 0);
  if (arguments.given("--holds")) contest.holds = arguments.whole("--holds", 0);
  contest.refresh = arguments.flag("--refresh");
  contest.destroy_chance = arguments.number("--destroy-chance", 0);
  contest.seed = static_cast<std::uint64_t>(arguments.whole("--seed", 1));
  if (arguments.given("--trace")) contest.options.on_trace = trace_to(arguments.text("--trace", ""));
  arguments.expect_all_used();
  return contest;
}

std::uint64_t us_since(steady_clock::time_point start) {
  return static_cast<std::uint64_t>((steady_clock::now() - start) / 1us);
}

class Contender {
 public:
  Contender(Contest contest, StopSignal& stop) : contest_(std::move(contest)), stop_(stop), random_(contest_.seed) {
    contest_.options.stop = stop.token();
    contest_.options.on_wait = [this](const Waiting&) {
      if (steady_clock::now() - said_ >= 1s) say_waiting();
    };
    held_ = make_holdable(contest_.mode, contest_.lockfile, contest_.options, contest_.seed);
  }

  void run() {
    EventLine line("ready", contest_.name);
    line.with("mode", contest_.mode).with("pid", static_cast<std::uint64_t>(::getpid())).with("tsc", cycles()).say();
    while (!stop_.stopped() && (!contest_.holds || holds_ < *contest_.holds)) {
      rest(length(contest_.idle_ms));
      if (!stop_.stopped()) turn();
    }
    EventLine("done", contest_.name).with("holds", static_cast<std::uint64_t>(holds_)).with("tsc", cycles()).say();
  }

 private:
  void turn() {
    asked_ = said_ = steady_clock::now();
    std::error_code error;
    held_->take(error);
    if (error == Errc::cancelled) {
      say_waiting();
      return;
    }
    if (error) {
      EventLine line("lock-failed", contest_.name);
      line.with("tsc", cycles()).with("error", word_for(error)).with("waited_us", us_since(asked_)).say();
      rest(50ms);  // a server that refuses at once is not asked without a pause
      return;
    }
    ++holds_;
    hold();
  }

  void hold() {
    Hold hold(*held_, contest_.name, told_);
    if (!hold.begin(us_since(asked_))) return;
    std::optional<nanoseconds> refresh_period;
    if (contest_.refresh) refresh_period = contest_.options.lifetime / 3;
    const bool destroy = std::uniform_real_distribution(0.0, 1.0)(random_) < contest_.destroy_chance;
    if (hold.keep(length(contest_.hold_ms), refresh_period, stop_)) hold.give_back(destroy);
  }

  // So that one who starves is seen to starve, even if its host does not live to see the end.
  void say_waiting() {
    said_ = steady_clock::now();
    EventLine("waiting", contest_.name).with("tsc", cycles()).with("waited_us", us_since(asked_)).say();
  }

  nanoseconds length(Arguments::Range range_ms) {
    std::uniform_real_distribution<double> lengths(range_ms.least, range_ms.most);
    return std::chrono::round<nanoseconds>(std::chrono::duration<double, std::milli>(lengths(random_)));
  }

  void rest(nanoseconds time) const {
    const auto end = steady_clock::now() + time;
    for (auto now = steady_clock::now(); now < end && !stop_.stopped(); now = steady_clock::now()) {
      std::this_thread::sleep_for(std::min<nanoseconds>(end - now, 50ms));
    }
  }

  Contest contest_;
  StopSignal& stop_;
  std::mt19937_64 random_;
  std::unique_ptr<Holdable> held_;
  std::int64_t holds_ = 0;
  std::uint64_t told_ = 0;  ///< the number of the last hold in the record
  steady_clock::time_point asked_;
  steady_clock::time_point said_;
};

}  // namespace

int contend(Arguments arguments) {
  Contest contest = read(arguments);
  StopSignal stop(contest.duration);
  Contender(std::move(contest), stop).run();
  return 0;
}

}  // namespace leaselock::nfs
