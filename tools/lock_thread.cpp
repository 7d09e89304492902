#include "lock_thread.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "leaselock/error.hpp"

namespace leaselock::tool {

namespace {

std::optional<Failure> attempt(const std::function<void()>& call) {
  try {
    call();
    return std::nullopt;
  } catch (const LockError& error) {
    return Failure{error.code(), error.what()};
  }
}

}  // namespace

void LockThread::start(std::function<void()> call, std::function<void(const std::optional<Failure>&)> done) {
  ++pending_;
  boost::asio::post(pool_, [this, call = std::move(call), done = std::move(done)] {
    boost::asio::post(io_, [this, done, failure = attempt(call)] {
      --pending_;
      done(failure);
    });
  });
}

}  // namespace leaselock::tool
