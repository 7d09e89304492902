#include "settings_from.hpp"

#include <algorithm>
#include <cctype>

#include "leaselock/error.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/semaphore.hpp"

namespace leaselock {
namespace {

std::string why_not_separator(const std::string& separator) {
  const bool plain = std::ranges::none_of(separator, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte <= ' ' || byte == 0x7F || c == '.' || c == '/' || c == '~';
  });
  if (separator.empty()) return "the separator is empty";
  return plain ? "" : "the separator may not contain letters, digits, blanks, '.', '/' or '~'";
}

std::string why_not_permissions(const LockOptions& options) {
  const std::uint32_t bits = options.permissions.value_or(0600);
  if ((bits & ~0666U) != 0 || (bits & 0600U) != 0600U)
    return "permissions must be between 0600 and 0666, to read and write";
  const bool for_all = (bits & 0002U) != 0 && options.trust != Trust::anyone;
  return for_all ? "permissions that let everybody write need Trust::anyone" : "";
}

std::string why_not(const boost::filesystem::path& lockfile, const LockOptions& options) {
  const std::string base = lockfile.filename().string();
  if (base.empty() || base == "." || base == ".." || base == "/") return "the lock path does not end in a file name";
  if (lockfile.native().find('\0') != std::string::npos) return "the lock path contains a zero byte";
  if (std::string why = why_not_separator(options.separator); !why.empty()) return why;
  // Or its own files could be taken for those of a lock with a shorter name.
  if ((base + options.separator).find(options.separator) != base.size())
    return "the name of the lock may not contain the separator '" + options.separator + "'";
  if (std::string why = why_not_lifetime(options.lifetime); !why.empty()) return why;
  if (std::string why = why_not_permissions(options); !why.empty()) return why;
  if (options.drift_ppm < 0 || options.drift_ppm > 250'000) return "drift_ppm must be between 0 and 250000";
  const Duration error = options.stamp_error.value_or(Duration::zero());
  const Duration grace = options.grace.value_or(error);
  if (error < Duration::zero()) return "stamp_error is negative";
  if (grace < error) return "grace is shorter than stamp_error";
  if (options.grace && !options.stamp_error && *options.grace < std::chrono::seconds(1)) {
    return "a grace below one second needs a stamp_error as well";
  }
  return "";
}

}  // namespace

std::string why_not_purpose(const protocol::Purpose& purpose, const LockOptions& options) {
  if (purpose.kind == LockKind::lock) return "";
  if (options.mode != Mode::fenced) return "only the fenced mode has semaphores and shared locks";
  static_assert(Semaphore::most_slots == protocol::most_slots);
  const bool fits = purpose.slots >= 1 && purpose.slots <= Semaphore::most_slots;
  return fits ? "" : "a semaphore has 1 to " + std::to_string(Semaphore::most_slots) + " slots";
}

std::string why_not_lifetime(Duration lifetime) {
  if (lifetime <= Duration::zero()) return "the lifetime must be longer than zero";
  if (lifetime > protocol::longest_lifetime) return "the lifetime is longer than ten years";
  return "";
}

protocol::Settings settings_from(const boost::filesystem::path& lockfile, const LockOptions& options,
                                 const protocol::Purpose& purpose, std::error_code& error, std::string& what) {
  what = why_not(lockfile, options);
  if (what.empty()) what = why_not_purpose(purpose, options);
  error = what.empty() ? std::error_code{} : make_error_code(Errc::invalid_options);
  protocol::Settings settings;
  settings.lock_path = lockfile.string();
  settings.base = lockfile.filename().string();
  settings.separator = options.separator;
  settings.fenced = options.mode == Mode::fenced;
  settings.purpose = purpose;
  settings.mirror = options.mirror && purpose.kind == LockKind::lock;
  settings.lifetime = options.lifetime;
  settings.drift_ppm = options.drift_ppm;
  settings.stamp_error = options.stamp_error;
  settings.grace = options.grace;
  settings.fair = options.fair;
  settings.gate = options.fast_path != FastPath::off;
  settings.gate_required = options.fast_path == FastPath::required;
  settings.break_dead = options.break_dead;
  settings.trust_server_clock = options.trust_server_clock;
  settings.trust_others = options.trust == Trust::anyone;
  settings.permissions = options.permissions;
  settings.retry_errnos = options.retry_errnos;
  return settings;
}

}  // namespace leaselock
