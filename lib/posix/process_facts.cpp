#include "posix/process_facts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <sstream>

#include "posix/file_contents.hpp"
#include "posix/file_handle.hpp"
#include "posix/retry.hpp"

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

/// In a container /proc may show the ids of an outer name space, where our numbers name other processes.
bool proc_counts_like_us() {
  const auto status = contents_of("/proc/self/status");
  if (!status) return false;
  const std::string label = "\nNSpid:\t";
  const auto start = status->find(label);
  if (start == std::string::npos) return false;
  const auto end = status->find('\n', start + 1);
  // More than one number on the line: one for each name space between /proc's and ours.
  return status->substr(start + label.size(), end - start - label.size()) == std::to_string(::getpid());
}

}  // namespace

std::optional<std::string> boot_identity() {
  const auto boot = contents_of("/proc/sys/kernel/random/boot_id");
  const auto ids = target_of("/proc/self/ns/pid");
  if (!boot || !ids) return std::nullopt;
  // Start times are shown shifted by the reader's time name space (time_namespaces(7)), which old kernels lack.
  return *boot + *ids + target_of("/proc/self/ns/time").value_or("");
}

std::optional<std::uint64_t> start_time(std::int64_t pid) {
  if (pid != ::getpid() && !proc_counts_like_us()) return std::nullopt;
  const std::string directory = pid == ::getpid() ? "self" : std::to_string(pid);
  const auto stat = contents_of("/proc/" + directory + "/stat");
  return stat ? parse_start_time(*stat) : std::nullopt;
}

std::optional<std::uint64_t> parse_start_time(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return std::nullopt;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return value;
}

}  // namespace leaselock::posix
