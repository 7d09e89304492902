#include "message.hpp"

#include <cstdio>

#include "leaselock/format_time.hpp"
#include "text.hpp"

namespace leaselock::tool {

void say(std::string_view text) {
  const std::string line = "leaselock: " + printable(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

std::string describe(const Holder& holder) {
  const std::string host = holder.host.empty() ? "unknown" : holder.host;
  return "host " + host + ", pid " + (holder.pid == 0 ? std::string("unknown") : std::to_string(holder.pid));
}

std::string describe_expiry(WallTime expires) {
  const Duration left = expires - std::chrono::system_clock::now();
  const bool over = left <= Duration::zero();
  const std::string distance = over ? format_duration(-left) + " ago" : "in " + format_duration(left);
  return format_time(expires) + " (" + distance + ")";
}

namespace {

std::string octal(std::uint32_t bits) {
  std::string digits;
  for (; bits != 0; bits >>= 3U) digits.insert(digits.begin(), static_cast<char>('0' + (bits & 7U)));
  return "0" + digits;
}

}  // namespace

std::string command_for(std::string_view command, const boost::filesystem::path& lockfile, const LockOptions& options) {
  std::string line = "leaselock " + std::string(command);
  if (options.mode == Mode::compat) line += " --compat";
  if (options.mode == Mode::fenced && !options.mirror) line += " --no-mirror";
  if (options.trust == Trust::anyone) line += " --trust-anyone";
  if (options.permissions) line += " --permissions " + octal(*options.permissions);
  if (options.separator != LockOptions().separator) line += " --separator " + shell_word(options.separator);
  return line + " " + shell_word(lockfile.string());
}

}  // namespace leaselock::tool
