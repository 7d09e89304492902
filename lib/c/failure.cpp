#include "failure.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "leaselock/error.hpp"

namespace leaselock::c {
namespace {

/// Errors are told apart by numbers that never change, whatever becomes of the C++ enumeration.
struct Numbered {
  Errc ours;
  int code;
  const char* name;
};
constexpr std::array<Numbered, 16> numbers = {{
    {Errc::timed_out, LEASELOCK_ERR_TIMED_OUT, "LEASELOCK_ERR_TIMED_OUT"},
    {Errc::already_locked, LEASELOCK_ERR_ALREADY_LOCKED, "LEASELOCK_ERR_ALREADY_LOCKED"},
    {Errc::not_locked, LEASELOCK_ERR_NOT_LOCKED, "LEASELOCK_ERR_NOT_LOCKED"},
    {Errc::lease_lost, LEASELOCK_ERR_LEASE_LOST, "LEASELOCK_ERR_LEASE_LOST"},
    {Errc::hard_links_unsupported, LEASELOCK_ERR_HARD_LINKS_UNSUPPORTED, "LEASELOCK_ERR_HARD_LINKS_UNSUPPORTED"},
    {Errc::not_a_lock_file, LEASELOCK_ERR_NOT_A_LOCK_FILE, "LEASELOCK_ERR_NOT_A_LOCK_FILE"},
    {Errc::fence_untrusted, LEASELOCK_ERR_FENCE_UNTRUSTED, "LEASELOCK_ERR_FENCE_UNTRUSTED"},
    {Errc::fence_damaged, LEASELOCK_ERR_FENCE_DAMAGED, "LEASELOCK_ERR_FENCE_DAMAGED"},
    {Errc::name_too_long, LEASELOCK_ERR_NAME_TOO_LONG, "LEASELOCK_ERR_NAME_TOO_LONG"},
    {Errc::lifetime_too_short, LEASELOCK_ERR_LIFETIME_TOO_SHORT, "LEASELOCK_ERR_LIFETIME_TOO_SHORT"},
    {Errc::invalid_options, LEASELOCK_ERR_INVALID_OPTIONS, "LEASELOCK_ERR_INVALID_OPTIONS"},
    {Errc::mirror_lost, LEASELOCK_ERR_MIRROR_LOST, "LEASELOCK_ERR_MIRROR_LOST"},
    {Errc::still_alive, LEASELOCK_ERR_STILL_ALIVE, "LEASELOCK_ERR_STILL_ALIVE"},
    {Errc::cancelled, LEASELOCK_ERR_CANCELLED, "LEASELOCK_ERR_CANCELLED"},
    {Errc::fast_path_unavailable, LEASELOCK_ERR_FAST_PATH_UNAVAILABLE, "LEASELOCK_ERR_FAST_PATH_UNAVAILABLE"},
    {Errc::different_purpose, LEASELOCK_ERR_DIFFERENT_PURPOSE, "LEASELOCK_ERR_DIFFERENT_PURPOSE"},
}};

class LastError {
 public:
  int set(int code, const std::string& text) {
    text_ = text;
    fixed_ = nullptr;
    return code_ = code;
  }
  /// For when there may be no memory: `text` lives for ever.
  int set_fixed(int code, const char* text) noexcept {
    fixed_ = text;
    return code_ = code;
  }
  int code() const noexcept { return code_; }
  const char* text() const noexcept { return fixed_ != nullptr ? fixed_ : text_.c_str(); }

 private:
  int code_ = LEASELOCK_OK;
  const char* fixed_ = "";
  std::string text_;
};
thread_local LastError last_error;

int remember(const char* function) {
  try {
    throw;
  } catch (const Misuse& misuse) {
    return last_error.set(LEASELOCK_ERR_MISUSE, std::string(function) + ": " + misuse.what());
  } catch (const std::system_error& error) {
    return last_error.set(code_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return last_error.set_fixed(-ENOMEM, "out of memory");
  } catch (const std::exception& error) {
    return last_error.set(LEASELOCK_ERR_INTERNAL, std::string(function) + ": " + error.what());
  } catch (...) {
    return last_error.set(LEASELOCK_ERR_INTERNAL, std::string(function) + ": a callback threw");
  }
}

/// Whether a code may be a negative errno; so that it can be negated, too.
bool is_errno(int code) { return code < 0 && code > -65536; }

/// Some C libraries have no names.
const char* name_of_errno(int error) {
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 32)
  const char* name = ::strerrorname_np(error);
  return name != nullptr ? name : "unknown";
#endif
#endif
  return error > 0 ? "errno" : "unknown";
}

/// A sentence about a code of ours or of the operating system.
std::string message_of(int code) {
  if (code == LEASELOCK_OK) return "no error";
  if (code == LEASELOCK_ERR_MISUSE) return "the function was called in a wrong way; mend the program";
  if (code == LEASELOCK_ERR_INTERNAL) return "a fault of the leaselock library";
  for (const Numbered& each : numbers) {
    if (each.code == code) return make_error_code(each.ours).message();
  }
  return is_errno(code) ? std::system_category().message(-code) : "unknown error";
}

}  // namespace

int code_of(std::error_code error) noexcept {
  if (!error) return LEASELOCK_OK;
  if (error.category() == std::system_category() || error.category() == std::generic_category()) return -error.value();
  for (const Numbered& each : numbers) {
    if (error == each.ours) return each.code;
  }
  return LEASELOCK_ERR_INTERNAL;
}

int remember_what_is_thrown(const char* function) noexcept {
  try {
    return remember(function);
  } catch (...) {
    return last_error.set_fixed(-ENOMEM, "out of memory");
  }
}

}  // namespace leaselock::c

const char* leaselock_last_error() { return leaselock::c::last_error.text(); }
int leaselock_last_error_code() { return leaselock::c::last_error.code(); }

const char* leaselock_error_name(int code) {
  if (code == LEASELOCK_OK) return "LEASELOCK_OK";
  if (code == LEASELOCK_ERR_MISUSE) return "LEASELOCK_ERR_MISUSE";
  if (code == LEASELOCK_ERR_INTERNAL) return "LEASELOCK_ERR_INTERNAL";
  for (const auto& each : leaselock::c::numbers) {
    if (each.code == code) return each.name;
  }
  return leaselock::c::is_errno(code) ? leaselock::c::name_of_errno(-code) : "unknown";
}

const char* leaselock_error_message(int code) {
  thread_local std::string message;
  try {
    message = leaselock::c::message_of(code);
    return message.c_str();  // NOLINT(clang-analyzer-cplusplus.InnerPointer): it lives as long as the thread
  } catch (...) {
    return "out of memory";
  }
}
