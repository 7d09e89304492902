// The whole of it in one call: take the lock, refresh it while the work runs, give it back whatever happens.
#include <chrono>
#include <iostream>
#include <thread>

#include "leaselock/hold.hpp"

namespace {

using namespace std::chrono_literals;

/// Returns how many parts were done.
int work(const std::stop_token& stop) {
  int done = 0;
  while (done < 10 && !stop.stop_requested()) {
    std::this_thread::sleep_for(20ms);
    ++done;
  }
  return done;
}

}  // namespace

int main(int, char** words) {
  leaselock::Lock lock(words[1]);
  try {
    const int done = leaselock::hold(lock, [](std::stop_token stop) { return work(stop); });
    std::cout << done << " parts done, protected to the end\n";
  } catch (const leaselock::NotLockedError& lost) {
    std::cerr << "not protected to the end: " << lost.what() << '\n';
    return 1;
  }
}
