#include "posix/process_facts.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <sstream>

#include "posix/file_contents.hpp"
#include "posix/file_handle.hpp"
#include "posix/fork_generation.hpp"
#include "posix/retry.hpp"
#include "posix/status.hpp"

namespace leaselock::posix {

namespace {

std::optional<std::string> contents_of(const std::string& path) {
  const FileHandle file(retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  std::string contents;
  if (!file.valid() || read_start(file.get(), contents) != 0) return std::nullopt;
  return contents;
}

std::optional<std::string> target_of(const char* link) {
  std::array<char, 256> target{};
  const ssize_t length = ::readlink(link, target.data(), target.size());
  if (length <= 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(length));
}

/// An answer of /proc about this process that stays true until the next fork, and while `about` is the same. One for
/// each thread, because a forked child could find a lock around it locked.
template <class Answer>
struct Remembered {
  std::uint64_t generation = 0;
  std::uint64_t about = 0;
  std::optional<Answer> answer;

  template <class Ask>
  std::optional<Answer> get(std::uint64_t now_about, Ask ask) {
    if (answer && generation == fork_generation() && about == now_about) return answer;
    generation = fork_generation();
    about = now_about;
    answer = ask();
    return answer;
  }
};

/// In a container /proc may show the ids of an outer name space, where our numbers name other processes.
bool ask_whether_proc_counts_like_us() {
  const auto status = contents_of("/proc/self/status");
  if (!status) return false;
  const std::string label = "\nNSpid:\t";
  const auto start = status->find(label);
  if (start == std::string::npos) return false;
  const auto end = status->find('\n', start + 1);
  // More than one number on the line: one for each name space between /proc's and ours.
  return status->substr(start + label.size(), end - start - label.size()) == std::to_string(::getpid());
}

bool proc_counts_like_us() {
  // Each process-id name space has a /proc of its own, and that a device number.
  protocol::FileStatus proc;
  if (look(AT_FDCWD, "/proc", false, proc) != 0) return false;
  thread_local Remembered<bool> counts;
  return *counts.get(proc.device, [] { return std::optional(ask_whether_proc_counts_like_us()); });
}

std::optional<std::string> ask_boot_identity() {
  const auto boot = contents_of("/proc/sys/kernel/random/boot_id");
  const auto ids = target_of("/proc/self/ns/pid");
  if (!boot || !ids) return std::nullopt;
  // Start times are shown shifted by the reader's time name space (time_namespaces(7)), which old kernels lack.
  return *boot + *ids + target_of("/proc/self/ns/time").value_or("");
}

std::optional<ProcessStat> stat_of(std::int64_t pid) {
  if (pid != ::getpid() && !proc_counts_like_us()) return std::nullopt;
  const std::string directory = pid == ::getpid() ? "self" : std::to_string(pid);
  const auto stat = contents_of("/proc/" + directory + "/stat");
  return stat ? parse_stat(*stat) : std::nullopt;
}

bool is_process_id(std::int64_t pid) { return pid > 0 && pid <= std::numeric_limits<pid_t>::max(); }

template <class Number>
bool parse_whole(const std::string& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<std::string> boot_identity() {
  thread_local Remembered<std::string> identity;
  return identity.get(0, ask_boot_identity);
}

std::optional<std::uint64_t> start_time(std::int64_t pid) {
  const auto stat = stat_of(pid);
  if (!stat) return std::nullopt;
  return stat->start;
}

bool is_unused(std::int64_t pid) {
  // Zero and negative numbers mean groups of processes to kill(2).
  if (!is_process_id(pid)) return false;
  return ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
}

ports::ProcessState state_of(std::uint64_t start, std::int64_t pid) {
  using ports::ProcessState;
  if (!is_process_id(pid)) return ProcessState::unknown;
  if (is_unused(pid)) return ProcessState::gone;
  if (start == 0) return ProcessState::unknown;
  const auto stat = stat_of(pid);
  if (!stat) return ProcessState::unknown;
  // A zombie whose other threads are gone too has ended although its id is still taken: a thread counts as gone, or
  // becomes a zombie, only after its last system call has returned or been cut off and its memory and files were let
  // go, so nothing is left that could believe or ask for anything. While another thread runs the first one may be a
  // zombie as well, and the process is alive. When another thread than the first execs, the first is shown like this
  // for a moment: what it held in memory is gone just the same.
  return stat->start != start || stat->is_remains() ? ProcessState::gone : ProcessState::runs;
}

std::optional<ProcessStat> parse_stat(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  ProcessStat result;
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return std::nullopt;
    if (number == 3) result.state = field.front();
    if (number == 20 && !parse_whole(field, result.threads)) return std::nullopt;
    if (number == 22 && !parse_whole(field, result.start)) return std::nullopt;
  }
  return result;
}

}  // namespace leaselock::posix
