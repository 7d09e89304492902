#include "ports/quiet_thread.hpp"

#include <pthread.h>
#include <signal.h>

#include <utility>

namespace leaselock::ports {
namespace {

/// All signals blocked for this thread, and as before at the end. A new thread begins with what its maker has blocked.
class AllBlocked {
 public:
  AllBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllBlocked(const AllBlocked&) = delete;
  AllBlocked& operator=(const AllBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

std::thread start_quiet_thread(std::function<void()> body) {
  const AllBlocked quiet;
  return std::thread(std::move(body));
}

}  // namespace leaselock::ports
