// Runs on every host of the cluster as its first process and executes the commands that the test sends. A connection is
// one command: its words, each ended by a zero byte, then the client's end of stream. Back come the line "pid N", what
// the command writes, and at last "\004exit N\n", N as the shell counts it.
//
// It shares no code with the tests, and uses the C library only, so that it starts in no time.

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr int agent_port = 7007;

std::vector<std::string> read_words(int connection) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(connection, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  std::vector<std::string> words;
  for (std::size_t begin = 0, end; (end = text.find('\0', begin)) != std::string::npos; begin = end + 1) {
    words.push_back(text.substr(begin, end - begin));
  }
  return words;
}

[[noreturn]] void execute(int connection, std::vector<std::string> words) {
  setsid();
  signal(SIGPIPE, SIG_DFL);
  dprintf(connection, "pid %d\n", getpid());
  dup2(connection, STDOUT_FILENO);
  dup2(connection, STDERR_FILENO);
  close(connection);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  perror(arguments.front());
  _exit(127);
}

[[noreturn]] void serve(int connection) {
  signal(SIGCHLD, SIG_DFL);
  std::vector<std::string> words = read_words(connection);
  if (words.empty()) _exit(1);
  const pid_t child = fork();
  if (child == 0) execute(connection, std::move(words));
  int status = 0;
  waitpid(child, &status, 0);
  dprintf(connection, "\004exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  _exit(0);
}

}  // namespace

int main() {
  signal(SIGCHLD, SIG_IGN);  // the kernel buries everybody's orphans
  signal(SIGPIPE, SIG_IGN);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(agent_port);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 64) != 0) {
    perror("agent");
    return 1;
  }
  for (;;) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    if (fork() == 0) {
      close(listener);
      serve(connection);
    }
    close(connection);
  }
}
