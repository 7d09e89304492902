#include "support/slow_server.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

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

void let_pass(int listener, std::uint64_t request) {
  seccomp_notif_resp response{};
  response.id = request;
  response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

}  // namespace

bool SlowServer::intercept() { return intercept_call(SYS_renameat); }
bool SlowServer::intercept_looks() { return intercept_call(SYS_statx); }

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
  std::vector<std::uint64_t> unanswered;
  while (!finished_) {
    pollfd ready{listener_, POLLIN, 0};
    const bool asked = poll(&ready, 1, 10) > 0 && (ready.revents & POLLIN) != 0;
    seccomp_notif request{};
    if (asked && ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, &request) == 0) {
      if (hanging_ && concerns(request)) {
        unanswered.push_back(request.id);
        waiting_ = true;
      } else {
        let_pass(listener_, request.id);
      }
    }
    if (!hanging_) {
      for (const std::uint64_t id : std::exchange(unanswered, {})) let_pass(listener_, id);
    }
  }
  for (const std::uint64_t id : unanswered) let_pass(listener_, id);
}

bool SlowServer::concerns(const seccomp_notif& request) const {
  if (files_ == Files::all) return true;
  // The name that renameat() was given first. Those of locks have separators in them.
  std::array<char, 4096> name{};
  // In small pieces: the memory behind the name may end.
  constexpr std::size_t piece = 16;
  for (std::size_t at = 0; at + piece < name.size(); at += piece) {
    iovec here{name.data() + at, piece};
    iovec there{reinterpret_cast<void*>(request.data.args[1] + at), piece};
    if (process_vm_readv(static_cast<pid_t>(request.pid), &here, 1, &there, 1, 0) <= 0) break;
    if (std::memchr(here.iov_base, 0, piece) != nullptr) break;
  }
  const bool of_lock = std::string_view(name.data()).find('|') != std::string_view::npos;
  return of_lock == (files_ == Files::of_locks);
}

}  // namespace leaselock::cli_test
