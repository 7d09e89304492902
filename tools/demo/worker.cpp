#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <leaselock/leaselock.hpp>
#include <random>
#include <string>
#include <thread>

#include "records.hpp"

// One worker of the demo: again and again it waits for the lock, works on the shared resource and gives the lock back.
// The resource is a file with a number in it, which is read at the start of a hold and written, one higher, at its end:
// two workers at once would lose a count.
namespace {

using namespace std::chrono_literals;
using demo::Did;

constexpr auto lifetime = 5s;  // the shortest that every file system accepts

struct Job {
  std::string name;
  std::string record;
  std::string resource;
  std::int64_t stop_ns = 0;
  std::mt19937 random;

  std::chrono::milliseconds between(int least, int most) {
    return std::chrono::milliseconds(std::uniform_int_distribution<int>(least, most)(random));
  }
  void note(Did did, std::uint64_t token = 0, const std::string& text = "-") const {
    demo::append_event(record, {demo::monotonic_ns(), did, name, ::getpid(), token, text});
  }
};

void work_once(leaselock::Lock& lock, Job& job) {
  job.note(Did::wait);
  lock.lock();
  job.note(Did::hold, lock.fencing_token().value_or(0), to_string(lock.predecessor().end));

  long count = 0;
  std::ifstream(job.resource) >> count;
  std::this_thread::sleep_for(job.between(80, 220));
  lock.refresh();
  std::this_thread::sleep_for(job.between(80, 220));
  const bool still_ours = lock.may_act();
  if (still_ours) std::ofstream(job.resource) << count + 1 << '\n';

  job.note(still_ours ? Did::done : Did::lost);
  lock.unlock();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: leaselock_demo_worker NAME LOCK RECORD RESOURCE STOP_NS\n";
    return 2;
  }
  try {
    Job job{argv[1], argv[3], argv[4], std::stoll(argv[5]), std::mt19937(std::random_device{}())};
    leaselock::LockOptions options;
    options.lifetime = lifetime;
    options.timeout = 60s;
    options.break_dead = false;  // to be seen: what a death on another machine costs
    leaselock::Lock lock(argv[2], options);
    while (demo::monotonic_ns() < job.stop_ns) {
      work_once(lock, job);
      std::this_thread::sleep_for(job.between(800, 2400));
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << '\n';
    return 1;
  }
}
