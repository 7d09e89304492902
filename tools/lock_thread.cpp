#include "lock_thread.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace leaselock::tool {

namespace {

std::optional<Failure> attempt(const std::function<void()>& call) {
  try {
    call();
    return std::nullopt;
  } catch (const std::system_error& error) {
    return Failure{error.code(), error.what()};
  }
}

}  // namespace

void LockThread::start(std::function<void()> call, std::function<void(const std::optional<Failure>&)> done) {
  boost::asio::post(pool_, [this, call = std::move(call), done = std::move(done)] {
    boost::asio::post(io_, [done, failure = attempt(call)] { done(failure); });
  });
}

}  // namespace leaselock::tool
