#include "explain.hpp"

#include <cerrno>

#include "leaselock/error.hpp"
#include "leaselock/format_time.hpp"

namespace leaselock {
namespace {

std::string directory_of(const Circumstances& circumstances) {
  const std::string directory = circumstances.lockfile.parent_path().string();
  return directory.empty() ? "." : directory;
}

std::string explain_system(int error, const Circumstances& circumstances) {
  const std::string directory = directory_of(circumstances);
  switch (error) {
    case ENOENT:
      return "the directory " + directory + " does not exist: create it, or mount its file system";
    case ENOTDIR:
      return "some part of " + directory + " is not a directory";
    case EACCES:
    case EPERM:
      return "a lock needs to create, link and rename files in " + directory +
             ": check its owner and mode, and those of " + circumstances.lockfile.filename().string() + " and " +
             circumstances.fence + " in it";
    case EROFS:
      return directory + " is on a read-only file system: mount it for writing";
    case ENOSPC:
    case EDQUOT:
      return "the file system or quota of " + directory + " is full: free some space or inodes";
    case EMFILE:
      return "this process has as many files open as it may, and every lock takes two: raise the limit (`ulimit -n`, "
             "RLIMIT_NOFILE), or use fewer locks at a time";
    case ENFILE:
      return "this machine has as many files open as it may: see /proc/sys/fs/file-max";
    case ENOMEM:
      return "there is no memory left for this process or this machine: try again when there is";
    case ESTALE:
      return directory + " was removed or replaced on its server: check its mount, then try again";
    case EAGAIN:
      return "the lock was given back, but its fence directory was kept: its numbers are ahead of the server's clock; "
             "`leaselock clean` removes it later";
    case ENOTEMPTY:
      return "the lock was given back, but its fence directory holds other files and was kept";
    default:
      return "the request's outcome may be unknown; whatever it did ends with its lease";
  }
}

/// As a shell takes it, so that the command can be copied.
std::string quoted(const std::string& text) {
  const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:@%,";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string explain_own(Errc error, const Circumstances& circumstances) {
  const std::string look = "see `leaselock status " + quoted(circumstances.lockfile.string()) + "`";
  switch (error) {
    case Errc::timed_out:
    case Errc::still_alive:
      return circumstances.holder ? "held by " + describe(*circumstances.holder) + "; " + look : look;
    case Errc::not_a_lock_file:
    case Errc::lease_lost:
    case Errc::fence_damaged:
      return look;
    case Errc::different_purpose: {
      const std::string differ = "it is " + circumstances.found + ", not " + circumstances.wanted;
      if (!circumstances.to_resize) return differ;
      return differ + "; to change it: `leaselock resize " + quoted(circumstances.lockfile.string()) + " " +
             std::to_string(*circumstances.to_resize) + "`";
    }
    case Errc::fence_untrusted:
      return "it is " + directory_of(circumstances) + "/" + circumstances.fence;
    case Errc::name_too_long:
      return "at most " + std::to_string(circumstances.name_max) + " bytes here";
    case Errc::lifetime_too_short:
      if (circumstances.lifetime >= circumstances.smallest_lifetime) {
        return "the least here is " + format_duration(circumstances.smallest_lifetime) +
               ", and a quarter of it must be left once the lock is taken";
      }
      return "it is " + format_duration(circumstances.lifetime) + ", the least here is " +
             format_duration(circumstances.smallest_lifetime);
    default:
      return "";
  }
}

}  // namespace

std::string explain(std::error_code error, const Circumstances& circumstances) {
  if (error.category() == lock_category()) return explain_own(static_cast<Errc>(error.value()), circumstances);
  return explain_system(error.value(), circumstances);
}

std::string describe(const Holder& holder) {
  std::string text = "host " + holder.host + ", pid " + std::to_string(holder.pid);
  if (holder.expires) text += ", until " + format_time(*holder.expires);
  if (holder.token) text += ", token " + std::to_string(*holder.token);
  if (holder.slot) text += ", slot " + std::to_string(*holder.slot);
  if (holder.shared) text += ", reading";
  return text;
}

}  // namespace leaselock
