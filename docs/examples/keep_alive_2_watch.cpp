// Watching the lease: a log line for each change, and the most careful form of work, which asks before each step and
// gives the resource a token. The margin is how long the work may take to stop.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "leaselock/format_time.hpp"
#include "leaselock/guard.hpp"
#include "leaselock/keep_alive.hpp"

namespace {

using namespace std::chrono_literals;

/// From the judging thread. Post it elsewhere if it is more than a line.
void log(const leaselock::LeaseReport& report) {
  std::string line = "lease " + to_string(report.state) + ", " + leaselock::format_duration(report.remaining) + " left";
  if (report.unanswered) line += ", no answer for " + leaselock::format_duration(*report.unanswered);
  if (report.error) line += ", " + report.error.message();
  std::clog << line + '\n';
}

void store(int part, leaselock::FencingToken token) { std::cout << "part " << part << " with token " << token << '\n'; }

}  // namespace

int main(int, char** words) {
  leaselock::Lock lock(words[1]);
  leaselock::Guard guard(lock);  // gives the lock back if something throws
  leaselock::KeepAliveOptions options;
  options.margin = 3s;
  options.on_change = log;
  leaselock::KeepAlive keep(lock, options);

  const std::stop_token stop = keep.get_stop_token();
  for (int part = 1; part <= 5 && !stop.stop_requested(); ++part) {
    std::this_thread::sleep_for(20ms);
    if (!keep.may_act()) break;  // no I/O: is the lease certainly ours?
    store(part, *lock.fencing_token());
  }

  // A server that does not answer holds up the end too. Nobody has to wait for it: the lease ends by itself.
  if (!keep.stop_for(10s)) {
    std::cerr << "the file server does not answer; leaving\n";
    std::_Exit(1);
  }
  keep.unlock();  // throws when the lease was lost
}
