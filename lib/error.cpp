#include "leaselock/error.hpp"

namespace leaselock {
namespace {

class LockCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "leaselock"; }

  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::timed_out:
        return "timed out: somebody else holds the lock";
      case Errc::already_locked:
        return "this object holds the lock already";
      case Errc::not_locked:
        return "the lock is not held";
      case Errc::lease_lost:
        return "the lease ran out and somebody else may have taken the lock; stop the protected work";
      case Errc::hard_links_unsupported:
        return "this file system refuses hard links; use a lock without the mirror, or another directory";
      case Errc::not_a_lock_file:
        return "what is at the lock path is no lock file and was left alone; move it, or choose another path";
      case Errc::fence_untrusted:
        return "the fence directory belongs to another user or is writable by everybody; if a group shares this lock "
               "give its permissions, if it was planted remove it, or trust everybody who can write there";
      case Errc::fence_damaged:
        return "the fence directory is not as the protocol leaves it; look at it before you remove it";
      case Errc::name_too_long:
        return "the lock's file names would be longer than this file system allows; choose a shorter lock name";
      case Errc::lifetime_too_short:
        return "the lifetime is shorter than this file system can judge; choose a longer one";
      case Errc::invalid_options:
        return "invalid lock options";
      case Errc::mirror_lost:
        return "the lock is held, but its lock file was taken away: flufl.lock processes are not excluded";
      case Errc::still_alive:
        return "the lease may still be alive, so the lock was not broken";
      case Errc::cancelled:
        return "waiting for the lock was cancelled";
      case Errc::fast_path_unavailable:
        return "this file system may be shared with other machines or has no open file description locks; "
               "do not require the fast path here";
      case Errc::different_purpose:
        return "the path is used for another kind of lock, or with another number of slots; nothing was changed";
    }
    return "unknown lock error";
  }

  /// Lets callers compare with the generic conditions they know.
  std::error_condition default_error_condition(int code) const noexcept override {
    switch (static_cast<Errc>(code)) {
      case Errc::timed_out:
        return std::errc::timed_out;
      case Errc::cancelled:
        return std::errc::operation_canceled;
      case Errc::name_too_long:
        return std::errc::filename_too_long;
      default:
        return {code, *this};
    }
  }
};

}  // namespace

const std::error_category& lock_category() noexcept {
  static const LockCategory category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), lock_category()}; }

LockError::LockError(std::error_code code, boost::filesystem::path lockfile, const std::string& explanation)
    : std::system_error(code),
      text_(lockfile.string() + ": " + code.message() + (explanation.empty() ? "" : "; " + explanation)),
      lockfile_(std::move(lockfile)) {}

}  // namespace leaselock
