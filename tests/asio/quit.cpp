// A program that ends while the pool still gives its lock back. What runs on the pool then must not need anything that
// the end of the program destroys.
#include <boost/asio/io_context.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <iostream>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"
#include "step_gate.hpp"
#include "support/temporary_directory.hpp"

namespace {

using leaselock::testing::StepGate;
using leaselock::testing::TemporaryDirectory;

TemporaryDirectory* directory = nullptr;
StepGate* gate = nullptr;

/// Registered first of all, so it runs when everything else is gone.
void let_it_finish() {
  gate->open();
  leaselock::async_pool().join();
  const bool held = boost::filesystem::exists(*directory / "job.lock");
  delete directory;
  delete gate;
  if (held) {
    std::cerr << "the lock was not given back\n";
    std::_Exit(1);
  }
}

}  // namespace

int main() {
  directory = new TemporaryDirectory;
  gate = new StepGate;
  std::atexit(let_it_finish);
  boost::asio::io_context context;
  leaselock::LockOptions options;
  options.on_trace = gate->hook();
  leaselock::AsyncLock lock(context, *directory / "job.lock", options);
  lock.async_lock([](boost::system::error_code error) {
    if (error) std::_Exit(2);
  });
  context.run();
  gate->stop_at(1);
  lock = leaselock::AsyncLock(context, *directory / "other.lock");
  gate->wait_until_reached();
  return 0;
}
