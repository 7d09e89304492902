// lock() and unlock() by one contender whom nobody disturbs, in this process. Google Benchmark's options, and before
// them directories as NAME=PATH: each peer is measured in each.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "peers/peer.hpp"

namespace {

using leaselock::bench::MakePeer;

void measure(benchmark::State& state, const MakePeer& make, const std::string& path) {
  const auto peer = make(path);
  for (int warm = 0; warm < 3; ++warm) {
    peer->lock();
    peer->unlock();
  }
  for ([[maybe_unused]] auto _ : state) {
    peer->lock();
    peer->unlock();
  }
}

}  // namespace

int main(int count, char** words) {
  ::benchmark::Initialize(&count, words);
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto equals = word.find('=');
    if (equals == std::string::npos || word.starts_with('-')) {
      std::cerr << "usage: leaselock_bench_uncontended [--benchmark_...]... NAME=DIRECTORY...\n";
      return 64;
    }
    for (const auto& [name, make] : leaselock::bench::peers()) {
      const std::string path = word.substr(equals + 1) + "/" + name + "-" + std::to_string(::getpid());
      ::benchmark::RegisterBenchmark((word.substr(0, equals) + "/" + name).c_str(), measure, make, path)->UseRealTime();
    }
  }
  ::benchmark::RunSpecifiedBenchmarks();
  return 0;
}
