#include "protocol/remove_ticket.hpp"

#include <cerrno>
#include <utility>

namespace leaselock::protocol {

Next RemoveTicket::start(bool local, std::string name) {
  is_file_ = local;
  other_kind_ = false;
  name_ = std::move(name);
  return remove();
}

Next RemoveTicket::resume(const Result& result) {
  // POSIX has EPERM for the removal of a directory as if it were a file, Linux EISDIR.
  const bool wrong_kind = result.error == ENOTDIR || result.error == EISDIR || result.error == EPERM;
  if (wrong_kind && !std::exchange(other_kind_, true)) {
    is_file_ = !is_file_;
    return remove();
  }
  was_gone_ = result.error == ENOENT;
  error_ = was_gone_ ? 0 : result.error;
  return std::nullopt;
}

Next RemoveTicket::remove() const {
  if (is_file_) return step::Unlink{Place::fence, name_};
  return step::RemoveDirectory{Place::fence, name_};
}

}  // namespace leaselock::protocol
