#include "front.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "exit_status.hpp"
#include "leaselock/lease_timer.hpp"
#include "message.hpp"
#include "process_tree.hpp"
#include "signal_source.hpp"

namespace leaselock::tool {

namespace {

/// Twice as long each time: where many lose their leases at once, those who look would starve those who are to die.
constexpr Duration longest_pause = std::chrono::milliseconds(500);
/// A killed process that the kernel does not let go, because its file server hangs, does nothing any more.
constexpr std::chrono::seconds patience_with_the_killed{5};

class Front {
 public:
  Front(Bond& bond, pid_t keeper, Duration look_every)
      : bond_(bond), keeper_(keeper), look_every_(look_every), timer_(io_) {}

  int watch(const std::function<void(pid_t)>& when_killed) {
    signals_.on_signal([this](const Signal& signal) { pass_on(signal); });
    look();
    while (!keeper_has_ended()) io_.run_one();
    const bool command_is_unguarded = bond_.due() != LeaseTime::max();
    if (command_is_unguarded) kill_what_is_left();
    if (auto& group = bond_.control_group()) group->remove();
    if (killed_ && has_no_child()) when_killed(keeper_);
    if (!command_is_unguarded) return *status_;
    if (*status_ != exit_lost) say("the process that kept the lock was killed, and the command with it");
    return exit_lost;
  }

 private:
  void pass_on(const Signal& signal) {
    if (signal.number == SIGCHLD) return;  // watch() looks after every event
    if (signal.number == SIGTSTP && is_continued()) return;
    sigval value{};
    value.sival_int = signal.from_kernel ? 1 : 0;
    sigqueue(keeper_, signal.number, value);
    if (signal.number == SIGTSTP) stop_as_usual();
  }

  void look() {
    const LeaseTime now = LeaseClock::now();
    const LeaseTime due = bond_.due();
    if (now >= due) kill_for_keeper();
    timer_.expires_at(now >= due ? now + pause() : due == LeaseTime::max() ? now + look_every_ : due);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) look();
    });
  }

  /// The keeper is stopped, or hangs, or is at it already.
  void kill_for_keeper() {
    if (!bond_.front_has_killed()) say("the lease ends: killing what still runs of the command");
    bond_.set_front_has_killed();
    kill(keeper_);
  }

  bool keeper_has_ended() {
    int status = 0;
    if (!status_ && waitpid(keeper_, &status, WNOHANG) == keeper_) {
      killed_ = WIFSIGNALED(status);
      status_ = killed_ ? exit_signal_base + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return status_.has_value();
  }

  void kill_what_is_left() {
    const LeaseTime end = LeaseClock::now() + patience_with_the_killed;
    while (!has_no_child() && LeaseClock::now() < end) {
      kill(0);
      timer_.expires_after(pause());
      timer_.async_wait([](const boost::system::error_code&) {});
      io_.run_one();  // until a child ends
    }
  }

  /// Before what is left is killed again.
  Duration pause() { return std::exchange(pause_, std::min(2 * pause_, longest_pause)); }

  void kill(pid_t spared) {
    if (const auto& group = bond_.control_group()) group->kill();
    kill_descendants(getpid(), spared);
  }

  static bool has_no_child() {
    pid_t ended = 0;
    do {
      ended = waitpid(-1, nullptr, WNOHANG);
    } while (ended > 0);
    return ended < 0 && errno == ECHILD;
  }

  boost::asio::io_context io_;
  SignalSource signals_{io_, {SIGTSTP, SIGCONT}};
  Bond& bond_;
  pid_t keeper_;
  Duration look_every_;
  LeaseTimer timer_;
  Duration pause_ = std::chrono::milliseconds(50);
  std::optional<int> status_;
  bool killed_ = false;
};

}  // namespace

int run_in_keeper(Bond& bond, Duration look_every, const std::function<int()>& keep,
                  const std::function<void(pid_t)>& when_killed) {
  // Were it ignored, as by some parents, the kernel would fetch our children and their status would be gone.
  signal(SIGCHLD, SIG_DFL);
  const pid_t keeper = fork();
  if (keeper < 0) throw std::system_error(errno, std::system_category(), "cannot start a process");
  if (keeper == 0) {
    bond.become_keeper();
    const int status = keep();
    if (auto& group = bond.control_group()) group->remove();  // the front may be gone
    return status;
  }
  bond.become_front();
  return Front(bond, keeper, look_every).watch(when_killed);
}

}  // namespace leaselock::tool
