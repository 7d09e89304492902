#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/filesystem/path.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "leaselock/async_lock.hpp"
#include "leaselock/lock.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::testing {

using boost::system::error_code;

/// A directory, a context that the test runs in its own thread, and a pool whose end shows that nothing is left to do.
class AsyncTest : public ::testing::Test {
 protected:
  static LockOptions options() {
    LockOptions options;
    options.lifetime = std::chrono::seconds(20);
    return options;
  }
  AsyncLock make(LockOptions with = options()) { return {context, path, std::move(with), pool.get_executor()}; }

  /// Runs handlers until nothing is outstanding.
  void run() {
    context.restart();
    context.run();
  }

  /// Runs one operation to its end: of a lock, a member function called with a callback.
  template <class Operation>
  error_code result_of(Operation operation) {
    std::optional<error_code> result;
    operation([&](error_code error) { result = error; });
    run();
    EXPECT_TRUE(result.has_value());
    return result.value_or(error_code());
  }
  error_code lock(AsyncLock& lock) {
    return result_of([&](auto handler) { lock.async_lock(handler); });
  }
  error_code unlock(AsyncLock& lock) {
    return result_of([&](auto handler) { lock.async_unlock(handler); });
  }
  error_code refresh(AsyncLock& lock) {
    return result_of([&](auto handler) { lock.async_refresh(handler); });
  }

  bool is_free() const {
    Lock other(path, options());
    return other.try_lock();
  }
  /// All files but the fence and its baton: when nobody holds it there should be no ticket, claim or lock file.
  std::vector<std::string> leftovers() const {
    std::vector<std::string> names = directory.names();
    std::erase_if(names, [](const std::string& name) {
      const bool fence = name.ends_with("|fence");
      const bool baton = name.find("|fence/b|") != std::string::npos;
      return fence || baton;
    });
    return names;
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory / "job.lock";
  boost::asio::io_context context{1};
  boost::asio::thread_pool pool{3};
};

}  // namespace leaselock::testing
