#include "support/slow_server.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>

#include "support/child.hpp"

namespace leaselock::cli_test {

namespace {

/// Where the child keeps its listener for us to fetch.
constexpr int listener_in_child = 777;

bool intercept_call(unsigned call) {
  constexpr auto number = static_cast<unsigned>(offsetof(seccomp_data, nr));
  std::array<sock_filter, 4> filter{
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  const long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  return listener >= 0 && dup2(static_cast<int>(listener), listener_in_child) == listener_in_child;
}

}  // namespace

bool SlowServer::intercept() { return intercept_call(SYS_renameat); }
bool SlowServer::intercept_other_files() { return intercept_call(SYS_rename); }

bool SlowServer::attach(pid_t child) {
  const auto process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (process < 0) return false;
  eventually([&] {
    listener_ = static_cast<int>(syscall(SYS_pidfd_getfd, process, listener_in_child, 0));
    return listener_ >= 0 || errno != EBADF;
  });
  close(process);
  if (listener_ < 0) return false;
  thread_ = std::thread([this] { answer(); });
  return true;
}

SlowServer::~SlowServer() {
  finished_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) close(listener_);
}

void SlowServer::answer() {
  while (!finished_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 10) <= 0 || (ready.revents & POLLIN) == 0) continue;
    seccomp_notif request{};
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) continue;
    while (hanging_ && !finished_) {
      waiting_ = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    seccomp_notif_resp response{};
    response.id = request.id;
    response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }
}

}  // namespace leaselock::cli_test
