#include "exit_status.hpp"

#include <initializer_list>

#include "leaselock/error.hpp"

namespace leaselock::tool {

namespace {

int status_of_lock_error(Errc code) {
  switch (code) {
    case Errc::timed_out:
    case Errc::still_alive:
    case Errc::already_locked:
    case Errc::cancelled:
      return exit_not_now;
    case Errc::not_locked:
    case Errc::lease_lost:
    case Errc::mirror_lost:
      return exit_lost;
    case Errc::hard_links_unsupported:
    case Errc::not_a_lock_file:
    case Errc::fence_damaged:
    case Errc::name_too_long:
      return exit_cannot_create;
    case Errc::fence_untrusted:
      return exit_not_permitted;
    case Errc::lifetime_too_short:
    case Errc::fast_path_unavailable:
    case Errc::invalid_options:
    case Errc::different_purpose:
      return exit_usage;
  }
  return exit_software;
}

bool is_any_of(const std::error_code& error, std::initializer_list<std::errc> list) {
  for (const std::errc one : list) {
    if (error == one) return true;
  }
  return false;
}

}  // namespace

int exit_status_of(const std::error_code& error) {
  using std::errc;
  if (error.category() == lock_category()) return status_of_lock_error(static_cast<Errc>(error.value()));
  if (is_any_of(error, {errc::permission_denied, errc::operation_not_permitted})) return exit_not_permitted;
  if (is_any_of(error, {errc::no_such_file_or_directory, errc::not_a_directory, errc::read_only_file_system,
                        errc::no_space_on_device, errc::filename_too_long, errc::too_many_symbolic_link_levels}))
    return exit_cannot_create;
  return exit_io;
}

}  // namespace leaselock::tool
