#include "records.hpp"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace demo {
namespace {

constexpr std::array<const char*, 5> words{"wait", "hold", "done", "lost", "killed"};

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void append_event(const std::string& file, const Event& event) {
  std::ostringstream line;
  line << event.at_ns << ' ' << words.at(static_cast<std::size_t>(event.did)) << ' ' << event.worker << ' ' << event.pid
       << ' ' << event.token << ' ' << event.note << '\n';
  const std::string text = line.str();
  const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!written) throw std::system_error(error, std::system_category(), "cannot write to " + file);
}

std::vector<Event> read_events(const std::string& file) {
  std::vector<Event> events;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line) && !in.eof();) {
    std::istringstream fields(line);
    Event event;
    std::string word;
    fields >> event.at_ns >> word >> event.worker >> event.pid >> event.token >> event.note;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (word == words[i]) event.did = static_cast<Did>(i);
    }
    events.push_back(event);
  }
  return events;
}

}  // namespace demo
