// Runs on each host and says what it sees on the board: leaselock_nfs_witness BOARD. That a process is gone it hears
// from the kernel, so that one that hangs there, and gives no sign of life, still counts as there. SIGTERM ends it; it
// says then who is left.

#include <sched.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdio>

#include "board.hpp"

namespace {

using leaselock::nfs::Board;
using leaselock::nfs::cycles;
using leaselock::nfs::LifeSign;

constexpr int look_every_ms = 10;

std::atomic<bool> ending = false;

const char* who(const LifeSign& sign) { return sign.second != 0 ? "second" : "first"; }

void say_began(const LifeSign& sign) {
  dprintf(STDOUT_FILENO,
          "began %s %" PRIu32 " pid=%" PRIu32 " parent=%" PRIu32 " first=%" PRIu64 " tsc=%" PRIu64 " .\n", who(sign),
          sign.trial, sign.pid.load(), sign.parent, sign.first, cycles());
}

void say_last(const char* event, const LifeSign& sign) {
  dprintf(STDOUT_FILENO, "%s %s %" PRIu32 " pid=%" PRIu32 " last=%" PRIu64 " tsc=%" PRIu64 " .\n", event, who(sign),
          sign.trial, sign.pid.load(), sign.last.load(), cycles());
}

/// By which what programs here say of wall-clock times can be compared with other hosts' times.
void say_clock() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  dprintf(STDOUT_FILENO, "clock witness realtime_ms=%" PRIu64 " tsc=%" PRIu64 " .\n",
          static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000,
          cycles());
}

class Witness {
 public:
  explicit Witness(Board& board) : board_(board), ends_(epoll_create1(EPOLL_CLOEXEC)) {}

  void look() {
    take_in_new_ones();
    std::array<epoll_event, 64> events{};
    const int count = epoll_wait(ends_, events.data(), static_cast<int>(events.size()), look_every_ms);
    for (int index = 0; index < count; ++index) {
      const std::uint64_t both = events[static_cast<std::size_t>(index)].data.u64;
      close(static_cast<int>(both >> 32));  // which takes it out of the set
      bury(static_cast<std::uint32_t>(both));
    }
  }

  void tell_who_is_left() {
    take_in_new_ones();
    for (std::uint32_t index = 0; index < board_.taken; ++index) {
      if (states_[index] == State::alive) say_last("left", board_.signs[index]);
    }
  }

 private:
  enum class State { unknown, alive, gone };

  /// Who has taken a place and not yet filled it in is looked at again the next time.
  void take_in_new_ones() {
    for (std::uint32_t index = 0; index < board_.taken; ++index) {
      const LifeSign& sign = board_.signs[index];
      if (states_[index] != State::unknown || sign.pid == 0) continue;
      states_[index] = State::alive;
      say_began(sign);
      const int process = static_cast<int>(syscall(SYS_pidfd_open, sign.pid.load(), 0));
      if (process < 0 && errno != ESRCH) _exit(71);  // nothing that it did not see may count as an end
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = static_cast<std::uint64_t>(process) << 32 | index;
      if (process < 0) {
        bury(index);
      } else if (epoll_ctl(ends_, EPOLL_CTL_ADD, process, &event) != 0) {
        _exit(71);
      }
    }
  }

  void bury(std::uint32_t index) {
    states_[index] = State::gone;
    say_last("gone", board_.signs[index]);
  }

  Board& board_;
  int ends_;
  std::array<State, Board::size> states_{};
};

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 64;
  // Ahead of everybody: on a busy host it would see an end long after it was.
  const sched_param ahead{1};
  if (sched_setscheduler(0, SCHED_FIFO, &ahead) != 0) return 71;
  signal(SIGTERM, [](int) { ending = true; });
  static Witness witness(leaselock::nfs::make_board(words[1]));
  say_clock();
  while (!ending) witness.look();
  witness.tell_who_is_left();
}
