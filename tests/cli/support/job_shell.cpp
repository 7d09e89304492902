#include "support/job_shell.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace leaselock::cli_test {

namespace {

void show(std::string_view text) {
  [[maybe_unused]] const ssize_t shown = write(STDOUT_FILENO, text.data(), text.size());
}

[[noreturn]] void mind(pid_t job) {
  int status = 0;
  while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
    tcsetpgrp(STDIN_FILENO, getpgrp());
    show("[stopped]");
    std::array<char, 64> typed{};
    if (read(STDIN_FILENO, typed.data(), typed.size()) <= 0) break;
    tcsetpgrp(STDIN_FILENO, job);
    kill(-job, SIGCONT);
  }
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

}  // namespace

bool under_job_shell() {
  signal(SIGTTOU, SIG_IGN);  // a shell gives the terminal away and takes it back
  const pid_t job = fork();
  if (job < 0) return false;
  if (job > 0) mind(job);
  setpgid(0, 0);
  tcsetpgrp(STDIN_FILENO, getpgrp());
  signal(SIGTTOU, SIG_DFL);
  return true;
}

}  // namespace leaselock::cli_test
