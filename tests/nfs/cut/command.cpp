// What runs under the lock: leaselock_nfs_command BOARD TRIAL first|second NATURE MILLISECONDS [FILE]. Each of its
// processes tells on the board that it is alive, until the time is over or somebody ends it. It is linked statically,
// so that a host starts it in no time.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

#include "board.hpp"

namespace {

using namespace std::chrono_literals;
using leaselock::nfs::cycles;
using leaselock::nfs::LifeSign;
using std::chrono::steady_clock;

constexpr auto beat = 20ms;
constexpr auto hop_every = 250ms;
constexpr int crowd_size = 6;

struct Task {
  leaselock::nfs::Board& board;
  std::uint32_t trial;
  bool second;
  steady_clock::time_point end;
  std::string file;
};

LifeSign& appear(const Task& task) {
  const std::uint32_t index = task.board.taken.fetch_add(1);
  if (index >= leaselock::nfs::Board::size) _exit(70);
  LifeSign& sign = task.board.signs[index];
  sign.trial = task.trial;
  sign.parent = static_cast<std::uint32_t>(getppid());
  sign.second = task.second ? 1 : 0;
  sign.first = cycles();
  sign.last = sign.first;
  sign.pid = static_cast<std::uint32_t>(getpid());
  return sign;
}

[[noreturn]] void live(const Task& task, LifeSign& sign) {
  while (steady_clock::now() < task.end) {
    std::this_thread::sleep_for(beat);
    sign.last = cycles();
  }
  _exit(0);
}

[[noreturn]] void live(const Task& task) { live(task, appear(task)); }

void ignore_requests() {
  for (const int number : {SIGTERM, SIGHUP, SIGINT, SIGQUIT}) signal(number, SIG_IGN);
}

// What follows are natures. Each is called in the first process, which has appeared already.

void be_plain(const Task& task, LifeSign& sign) { live(task, sign); }

void ignore(const Task& task, LifeSign& sign) {
  ignore_requests();
  live(task, sign);
}

/// Takes a while to clean up.
void linger(const Task& task, LifeSign& sign) {
  signal(SIGTERM, [](int) {
    usleep(300'000);
    _exit(0);
  });
  live(task, sign);
}

/// Leaves a process behind that is in another group and session, and no child of this one.
void leave_daemon(const Task& task) {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  ignore_requests();
  live(task);
}

void detach(const Task& task, LifeSign& sign) {
  leave_daemon(task);
  live(task, sign);
}

void leave(const Task& task, LifeSign& sign) {
  leave_daemon(task);
  usleep(300'000);
  sign.last = cycles();
  _exit(0);
}

/// Children of all kinds: some with groups of their own, some that ignore what they are asked.
void crowd(const Task& task, LifeSign& sign) {
  for (int number = 0; number < crowd_size; ++number) {
    if (fork() != 0) continue;
    if (number % 2 == 0) setpgid(0, 0);
    if (number % 3 == 0) ignore_requests();
    live(task);
  }
  live(task, sign);
}

/// Also a process that ends and leaves another one in its place again and again.
void hop(const Task& task, LifeSign& sign) {
  if (fork() != 0) live(task, sign);
  ignore_requests();
  while (steady_clock::now() < task.end) {
    LifeSign& own = appear(task);
    for (const auto next = steady_clock::now() + hop_every; steady_clock::now() < next; own.last = cycles()) {
      std::this_thread::sleep_for(beat);
    }
    if (fork() != 0) _exit(0);
    setsid();
  }
  _exit(0);
}

/// Hangs in the kernel whenever the server does. Another thread tells whether the process is alive all the same.
void write_there(const Task& task, LifeSign& sign) {
  const std::string text(4096, 'x');
  std::thread([&task, &sign] { live(task, sign); }).detach();
  for (;;) {
    const int file = open(task.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0 || write(file, text.data(), text.size()) < 0 || fsync(file) != 0) usleep(100'000);
    close(file);
    usleep(50'000);
  }
}

}  // namespace

int main(int count, char** words) {
  const std::map<std::string, void (*)(const Task&, LifeSign&)> natures = {
      {"plain", be_plain}, {"lingers", linger}, {"ignores", ignore}, {"detaches", detach},
      {"leaves", leave},   {"crowd", crowd},    {"hops", hop},       {"writes", write_there}};
  const auto nature = natures.find(count > 5 ? words[4] : "");
  if (nature == natures.end()) {
    std::fprintf(stderr, "usage: leaselock_nfs_command BOARD TRIAL first|second NATURE MILLISECONDS [FILE]\n");
    return 64;
  }
  const Task task{leaselock::nfs::open_board(words[1]), static_cast<std::uint32_t>(std::atoi(words[2])),
                  words[3] == std::string("second"),
                  steady_clock::now() + std::chrono::milliseconds(std::atoi(words[5])), count > 6 ? words[6] : ""};
  nature->second(task, appear(task));
}
