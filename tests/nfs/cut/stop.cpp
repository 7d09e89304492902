// Stops processes for a while: leaselock_nfs_stop MILLISECONDS PID... Says for how long they really were stopped, since
// a busy host may be late to let them go on.

#include <unistd.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "record/cycles.hpp"

int main(int count, char** words) {
  const auto all = [&](int number) {
    for (int index = 2; index < count; ++index) kill(std::atoi(words[index]), number);
  };
  if (count < 3) return 64;
  const auto from = leaselock::nfs::cycles();
  all(SIGSTOP);
  usleep(static_cast<useconds_t>(std::atoi(words[1])) * 1000);
  all(SIGCONT);
  std::printf("%" PRIu64 "\n", leaselock::nfs::cycles() - from);
}
