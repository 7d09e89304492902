// A contender: leaselock_bench_worker [--counter-hz HZ] PEER PATH [COMMAND]... It obeys its arguments or, if there are
// none, the lines of its standard input, and says what happened on its standard output, all times in ns:
//   cycle COUNT               so many uncontended cycles -> cycle COUNT NS
//   drain START HOLD          asks at START, holds once -> hold ASKED ACQUIRED RELEASING
//   loop START END HOLD GAP   asks again after a random pause of up to GAP -> ask TIME and hold, as often as it can
//   many COUNT                holds so many locks -> many COUNT KIB
// The clock is CLOCK_MONOTONIC or, for hosts that share nothing else, the processor's time stamp counter.
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "peers/peer.hpp"
#include "record/cycles.hpp"

namespace leaselock::bench {
namespace {

using Nanoseconds = std::int64_t;

class Clock {
 public:
  explicit Clock(double counter_hz = 0) : ns_per_cycle_(counter_hz > 0 ? 1e9 / counter_hz : 0) {}
  Nanoseconds now() const {
    if (ns_per_cycle_ > 0) return static_cast<Nanoseconds>(static_cast<double>(nfs::cycles()) * ns_per_cycle_);
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  void sleep_until(Nanoseconds time) const {
    for (Nanoseconds left = time - now(); left > 0; left = time - now()) rest(left);
  }
  static void rest(Nanoseconds length) { std::this_thread::sleep_for(std::chrono::nanoseconds(length)); }

 private:
  double ns_per_cycle_;
};

/// In one write, so that nothing is lost if this process is killed.
void say(const std::string& event, const std::vector<Nanoseconds>& numbers = {}) {
  std::string line = event;
  for (const Nanoseconds number : numbers) line += ' ' + std::to_string(number);
  line += '\n';
  check(::write(STDOUT_FILENO, line.data(), line.size()), "write");
}

/// What only this process has in memory.
Nanoseconds private_kib() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  Nanoseconds sum = 0;
  for (std::string line; std::getline(rollup, line);) {
    std::istringstream words(line);
    std::string name;
    Nanoseconds kib = 0;
    if (words >> name >> kib && name.starts_with("Private_")) sum += kib;
  }
  return sum;
}

class Worker {
 public:
  Worker(const std::string& peer, std::string path, Clock clock)
      : make_(peers().at(peer)), path_(std::move(path)), clock_(clock), random_(std::random_device()()) {}

  void obey(const std::string& command) {
    std::istringstream words(command);
    std::string verb;
    words >> verb;
    const auto number = [&] {
      Nanoseconds value = 0;
      if (!(words >> value)) throw std::invalid_argument("incomplete: " + command);
      return value;
    };
    if (verb == "cycle") {
      cycle(number());
    } else if (verb == "drain") {
      const Nanoseconds start = number();
      drain(start, number());
    } else if (verb == "loop") {
      const Nanoseconds start = number(), end = number(), hold = number();
      loop(start, end, hold, number());
    } else if (verb == "many") {
      many(number());
    } else {
      throw std::invalid_argument("unknown: " + command);
    }
  }

 private:
  Peer& peer() {
    if (!peer_) peer_ = make_(path_);
    return *peer_;
  }

  void cycle(Nanoseconds count) {
    Peer& lock = peer();
    const Nanoseconds start = clock_.now();
    for (Nanoseconds i = 0; i < count; ++i) {
      lock.lock();
      lock.unlock();
    }
    say("cycle", {count, clock_.now() - start});
  }

  void hold(Nanoseconds asked, Nanoseconds length) {
    Peer& lock = peer();
    lock.lock();
    const Nanoseconds acquired = clock_.now();
    Clock::rest(length);
    const Nanoseconds releasing = clock_.now();
    lock.unlock();
    say("hold", {asked, acquired, releasing});
  }

  void drain(Nanoseconds start, Nanoseconds length) {
    peer();
    clock_.sleep_until(start);
    hold(clock_.now(), length);
  }

  void loop(Nanoseconds start, Nanoseconds end, Nanoseconds length, Nanoseconds gap) {
    peer();
    std::uniform_int_distribution<Nanoseconds> gaps(0, gap);
    clock_.sleep_until(start);
    for (Nanoseconds now = clock_.now(); now < end; now = clock_.now()) {
      say("ask", {now});
      hold(now, length);
      if (gap > 0) Clock::rest(gaps(random_));
    }
    say("end");
  }

  void many(Nanoseconds count) {
    std::vector<std::unique_ptr<Peer>> held;
    held.reserve(static_cast<std::size_t>(count));
    peer().lock();
    peer().unlock();
    const Nanoseconds before = private_kib();
    for (Nanoseconds i = 0; i < count; ++i) {
      held.push_back(make_(path_ + "." + std::to_string(i)));
      held.back()->lock();
    }
    say("many", {count, private_kib() - before});
  }

  MakePeer make_;
  std::string path_;
  Clock clock_;
  std::mt19937_64 random_;
  std::unique_ptr<Peer> peer_;
};

int work(std::vector<std::string> words) {
  Clock clock;
  if (words.size() > 2 && words[0] == "--counter-hz") {
    clock = Clock(std::stod(words[1]));
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.size() < 2 || !peers().contains(words[0])) {
    std::cerr << "usage: leaselock_bench_worker [--counter-hz HZ] PEER PATH [COMMAND]...\npeers:";
    for (const auto& [name, make] : peers()) std::cerr << ' ' << name;
    std::cerr << '\n';
    return 64;
  }
  Worker worker(words[0], words[1], clock);
  say("ready");
  for (std::size_t i = 2; i < words.size(); ++i) worker.obey(words[i]);
  for (std::string line; words.size() == 2 && std::getline(std::cin, line);) worker.obey(line);
  return 0;
}

}  // namespace
}  // namespace leaselock::bench

int main(int count, char** words) {
  try {
    return leaselock::bench::work({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "leaselock_bench_worker: " << error.what() << '\n';
    return 70;
  }
}
