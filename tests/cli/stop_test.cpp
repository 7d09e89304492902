#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signal_source.hpp"

// Goal: who watches SIGTSTP stops when he is asked to, and not when he was continued since. Method: a child that has
// both signals blocked, as SignalSource does, and has not read the second one yet.
namespace leaselock::tool {
namespace {

/// Stops as usual in a process group of its own, which is not orphaned: its parent is in another one of the session.
pid_t stopping_child(bool was_continued) {
  const pid_t child = fork();
  if (child != 0) return child;
  setpgid(0, 0);
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGTSTP);
  sigaddset(&watched, SIGCONT);
  sigprocmask(SIG_BLOCK, &watched, nullptr);
  if (was_continued) raise(SIGCONT);
  stop_as_usual();
  _exit(is_continued() ? 0 : 1);
}

TEST(StopAsUsual, StopsUntilContinued) {
  const pid_t child = stopping_child(false);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  ASSERT_TRUE(WIFSTOPPED(status));
  kill(child, SIGCONT);
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the SIGCONT is left to be read";
}

TEST(StopAsUsual, DoesNotStopAProcessThatWasContinuedMeanwhile) {
  const pid_t child = stopping_child(true);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  const bool stopped = WIFSTOPPED(status);
  if (stopped) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  ASSERT_FALSE(stopped);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the SIGCONT is left to be read";
}

}  // namespace
}  // namespace leaselock::tool
