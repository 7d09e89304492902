#include "signal_source.hpp"

#include <unistd.h>

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

sigset_t signals_to_watch(std::vector<int> numbers) {
  numbers.insert(numbers.end(), {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2});
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) {
    if (!is_ignored(number)) sigaddset(&set, number);
  }
  sigaddset(&set, SIGCHLD);
  return set;
}

bool is_from_kernel(const signalfd_siginfo& signal) {
  const bool passed_on = signal.ssi_code == SI_QUEUE && static_cast<pid_t>(signal.ssi_pid) == getppid();
  return passed_on ? signal.ssi_int != 0 : signal.ssi_code == SI_KERNEL;
}

}  // namespace

SignalSource::SignalSource(boost::asio::io_context& io, std::vector<int> more, std::vector<int> blocked)
    : descriptor_(io) {
  const sigset_t set = signals_to_watch(std::move(more));
  sigset_t mask = set;
  blocked.push_back(SIGPIPE);
  for (const int number : blocked) sigaddset(&mask, number);
  pthread_sigmask(SIG_BLOCK, &mask, &original_mask_);
  const int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::system_category(), "cannot watch signals");
  descriptor_.assign(descriptor);
  read_next();
}

void SignalSource::read_next() {
  boost::asio::async_read(descriptor_, boost::asio::buffer(&buffer_, sizeof buffer_),
                          [this](const boost::system::error_code& error, std::size_t) {
                            if (error) return;
                            const Signal signal{static_cast<int>(buffer_.ssi_signo), is_from_kernel(buffer_)};
                            const auto callback = callback_;  // which may replace itself
                            if (callback) callback(signal);
                            read_next();
                          });
}

bool is_continued() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGCONT) == 1;
}

void stop_as_usual() {
  if (is_continued()) return;
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
}

}  // namespace leaselock::tool
