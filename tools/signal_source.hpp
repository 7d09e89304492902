#pragma once

#include <signal.h>
#include <sys/signalfd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <utility>
#include <vector>

namespace leaselock::tool {

struct Signal {
  int number = 0;
  /// Sent by the kernel, as a terminal's Ctrl-C is: every process of the foreground group got it already. Also where
  /// our parent, the front, passed such a signal on.
  bool from_kernel = false;
};

/// Turns the signals that `run` passes on, SIGCHLD, and others that are asked for, into callbacks. It blocks them for
/// this thread and for every thread started later. signalfd instead of asio::signal_set, because only it tells who sent
/// a signal. Signals that were ignored when the program started stay ignored, as nohup(1) wants. They stay blocked to
/// the end of the program; SIGPIPE too, so that a closed log does not end the watch over a command.
class SignalSource {
 public:
  SignalSource(boost::asio::io_context& io, std::vector<int> more, std::vector<int> blocked = {});
  SignalSource(const SignalSource&) = delete;
  SignalSource& operator=(const SignalSource&) = delete;

  /// Replaces the callback; signals that came in between are not lost.
  void on_signal(std::function<void(const Signal&)> callback) { callback_ = std::move(callback); }
  /// The signal mask this program was started with: what a child should have.
  const sigset_t& original_mask() const { return original_mask_; }

 private:
  void read_next();

  sigset_t original_mask_{};
  boost::asio::posix::stream_descriptor descriptor_;
  signalfd_siginfo buffer_{};
  std::function<void(const Signal&)> callback_;
};

/// A SIGCONT that was not read yet came after the last signal to stop, for each of them discards the other (signal(7)).
/// Who stops all the same would discard it, and stay stopped.
bool is_continued();

/// For who watches SIGTSTP and SIGCONT: stops this process as the former does by default, which is not at all where
/// nobody could continue us (an orphaned process group), or where somebody has already. Returns when we are continued.
void stop_as_usual();

}  // namespace leaselock::tool
