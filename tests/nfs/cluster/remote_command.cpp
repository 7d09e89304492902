#include "remote_command.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace leaselock::cluster {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int agent_port = 7007;
const std::string exit_mark = "\004exit ";

/// A host that is still booting refuses or is silent, so this is tried until the patience ends.
int connect_once(const std::string& address, milliseconds patience) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(agent_port);
  inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno == EINPROGRESS) {
    pollfd writable{connection, POLLOUT, 0};
    poll(&writable, 1, static_cast<int>(patience.count()));
  }
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &length);
  sockaddr_in peer{};
  socklen_t peer_length = sizeof peer;
  if (error == 0 && getpeername(connection, reinterpret_cast<sockaddr*>(&peer), &peer_length) == 0) return connection;
  close(connection);
  return -1;
}

int connect_to(const std::string& address, milliseconds patience) {
  const auto deadline = steady_clock::now() + patience;
  while (steady_clock::now() < deadline) {
    const int connection = connect_once(address, milliseconds(500));
    if (connection >= 0) return connection;
    std::this_thread::sleep_for(milliseconds(20));
  }
  throw std::runtime_error("host " + address + " does not answer");
}

bool send_words(int connection, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + '\0';
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) {
      pollfd writable{connection, POLLOUT, 0};
      if (poll(&writable, 1, 10000) != 1) return false;
    } else if (count < 0) {
      return false;
    } else {
      sent += static_cast<std::size_t>(count);
    }
  }
  return shutdown(connection, SHUT_WR) == 0;
}

}  // namespace

RemoteCommand::RemoteCommand(const std::string& address, const std::vector<std::string>& words, OnLine on_line,
                             milliseconds patience)
    : connection_(connect_to(address, patience)),
      on_line_(std::move(on_line)),
      pid_known_(pid_.get_future()),
      ended_(status_.get_future()) {
  if (!send_words(connection_, words)) {
    close(connection_);
    throw std::runtime_error("host " + address + " does not take a command");
  }
  reader_ = std::thread([this] { read(); });
}

RemoteCommand::~RemoteCommand() {
  give_up();
  reader_.join();
  close(connection_);
}

void RemoteCommand::give_up() { shutdown(connection_, SHUT_RDWR); }

std::optional<int> RemoteCommand::wait(milliseconds patience) {
  if (ended_.wait_for(patience) != std::future_status::ready) return std::nullopt;
  return ended_.get();
}

int RemoteCommand::pid() { return pid_known_.get(); }

void RemoteCommand::take(const std::string& line) {
  if (line.rfind("pid ", 0) == 0 && pid_known_.wait_for(milliseconds(0)) != std::future_status::ready) {
    pid_.set_value(std::atoi(line.c_str() + 4));
  } else if (const auto mark = line.find(exit_mark); mark != std::string::npos) {
    if (mark > 0 && on_line_) on_line_(line.substr(0, mark));  // the command's last line had no line end
    exit_status_ = std::atoi(line.c_str() + mark + exit_mark.size());
  } else if (on_line_) {
    on_line_(line);
  }
}

void RemoteCommand::read() {
  std::string text;
  char buffer[16384];
  for (;;) {
    pollfd readable{connection_, POLLIN, 0};
    poll(&readable, 1, -1);
    const ssize_t count = recv(connection_, buffer, sizeof buffer, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      take(text.substr(begin, end - begin));
    }
    text.erase(0, begin);
  }
  if (pid_known_.wait_for(milliseconds(0)) != std::future_status::ready) pid_.set_value(0);
  status_.set_value(exit_status_);
}

}  // namespace leaselock::cluster
