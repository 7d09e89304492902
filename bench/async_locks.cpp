// Ten thousand locks that one thread holds and keeps alive: how many threads that takes, how much memory a lock, and
// how many refreshes a second. Prints one line of JSON.
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/filesystem/operations.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "leaselock/async_keep_alive.hpp"
#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"
#include "leaselock/counters.hpp"
#include "worker/mount_counters.hpp"

namespace {

namespace asio = boost::asio;
namespace fs = boost::filesystem;
using boost::system::error_code;
using leaselock::AsyncLock;
using leaselock::LeaseClock;

struct Counts {
  std::size_t held = 0;
  std::size_t failures = 0;
};

/// A lock that is kept alive until its end.
class KeptLock {
 public:
  KeptLock(asio::io_context& context, const fs::path& path, const leaselock::LockOptions& options, Counts& counts)
      : lock_(context, path, options), counts_(counts) {}

  void begin() {
    lock_.async_lock([this](error_code error) {
      if (error) return fail(error);
      ++counts_.held;
      leaselock::async_keep_alive(lock_, {}, [this](error_code end) {
        if (end != asio::error::operation_aborted) fail(end);
      });
    });
  }

 private:
  void fail(error_code error) {
    if (++counts_.failures <= 3) std::cerr << lock_.lockfile().string() << ": " << error.message() << '\n';
  }

  AsyncLock lock_;
  Counts& counts_;
};

/// A number from /proc/self/status: "Threads", "VmRSS" (KiB).
std::size_t status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    if (std::size_t value = 0; word == name + ':' && file >> value) return value;
  }
  return 0;
}

std::size_t descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

/// Each lock keeps two directories open.
void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// All of it: takes the locks, keeps them for a while, and says what that took.
class Measurement {
 public:
  Measurement(const std::string& directory, std::size_t number, double lifetime, bool mirror)
      : directory_(directory), number_(number) {
    options_.lifetime = seconds(lifetime);
    options_.mirror = mirror;
    options_.counters = std::make_shared<leaselock::Counters>();
  }

  void run(double length) {
    const std::size_t before = status("VmRSS");
    const auto began = LeaseClock::now();
    for (std::size_t i = 0; i < number_; ++i) {
      locks_.emplace_back(context_, directory_ / std::to_string(i), options_, counts_);
      locks_.back().begin();
    }
    while (counts_.held + counts_.failures < number_) context_.run_one();
    const double taking = since(began);
    const std::uint64_t refreshes = refreshes_so_far();
    const auto requests = requests_so_far();
    const auto held = LeaseClock::now();
    context_.run_for(std::chrono::duration_cast<std::chrono::steady_clock::duration>(seconds(length)));
    const double keeping = since(held);
    std::cout << "{\"locks\": " << counts_.held << ", \"failures\": " << counts_.failures
              << ", \"threads\": " << status("Threads") << ", \"descriptors\": " << descriptors()
              << ", \"bytes_a_lock\": " << (status("VmRSS") - before) * 1024 / number_
              << ", \"peak_bytes_a_lock\": " << (status("VmHWM") - before) * 1024 / number_
              << ", \"locks_a_second\": " << static_cast<double>(number_) / taking
              << ", \"refreshes_a_second\": " << static_cast<double>(refreshes_so_far() - refreshes) / keeping
              << ", \"nfs_requests_a_second\": " << static_cast<double>(requests_so_far() - requests) / keeping
              << "}\n";
    locks_.clear();
    leaselock::async_pool().join();
  }

  bool failed() const { return counts_.failures != 0; }

 private:
  static leaselock::Duration seconds(double count) {
    return std::chrono::duration_cast<leaselock::Duration>(std::chrono::duration<double>(count));
  }
  static double since(leaselock::LeaseTime start) {
    return std::chrono::duration<double>(LeaseClock::now() - start).count();
  }
  std::uint64_t refreshes_so_far() const { return options_.counters->values().refreshes; }
  /// Of the mount that the directory is on; none where that is no NFS.
  std::uint64_t requests_so_far() const {
    std::uint64_t sum = 0;
    for (const auto& [operation, number] : leaselock::nfs::counters_of(directory_.string())) sum += number;
    return sum;
  }

  fs::path directory_;
  std::size_t number_;
  leaselock::LockOptions options_;
  asio::io_context context_{1};
  Counts counts_;
  std::deque<KeptLock> locks_;
};

int usage() {
  std::cerr << "usage: leaselock_bench_async DIRECTORY [locks=N] [lifetime=S] [seconds=S] [mirror=0|1]\n";
  return 64;
}

}  // namespace

int main(int count, char** words) {
  std::map<std::string, double> set = {{"locks", 10'000}, {"lifetime", 15}, {"seconds", 20}, {"mirror", 1}};
  for (int i = 2; i < count; ++i) {
    const std::string word = words[i];
    const auto equals = word.find('=');
    const auto found = set.find(word.substr(0, equals));
    if (equals == std::string::npos || found == set.end()) return usage();
    found->second = std::stod(word.substr(equals + 1));
  }
  if (count < 2) return usage();
  raise_descriptor_limit();
  Measurement measurement(words[1], static_cast<std::size_t>(set["locks"]), set["lifetime"], set["mirror"] != 0);
  measurement.run(set["seconds"]);
  return measurement.failed() ? 1 : 0;
}
