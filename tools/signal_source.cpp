#include "signal_source.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <cerrno>
#include <system_error>

namespace leaselock::tool {

namespace {

bool is_ignored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t signals_to_watch() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2}) {
    if (!is_ignored(number)) sigaddset(&set, number);
  }
  // Were it ignored, the kernel would reap the child and its exit status would be gone.
  struct sigaction reset {};
  reset.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &reset, nullptr);
  sigaddset(&set, SIGCHLD);
  return set;
}

}  // namespace

SignalSource::SignalSource(boost::asio::io_context& io) : descriptor_(io) {
  const sigset_t set = signals_to_watch();
  sigset_t blocked = set;
  sigaddset(&blocked, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &blocked, &original_mask_);
  const int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::system_category(), "cannot watch signals");
  descriptor_.assign(descriptor);
  read_next();
}

void SignalSource::read_next() {
  boost::asio::async_read(descriptor_, boost::asio::buffer(&buffer_, sizeof buffer_),
                          [this](const boost::system::error_code& error, std::size_t) {
                            if (error) return;
                            const Signal signal{static_cast<int>(buffer_.ssi_signo), buffer_.ssi_code == SI_KERNEL};
                            const auto callback = callback_;  // which may replace itself
                            if (callback) callback(signal);
                            read_next();
                          });
}

}  // namespace leaselock::tool
