#include "protocol/make_claim.hpp"

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next MakeClaim::start(Session& session) {
  phase_ = Phase::creating;
  error_.clear();
  session.claim.reset();
  const auto kind = session.settings.fenced ? ClaimKind::fenced : ClaimKind::compat;
  name_ = session.names.claim(session.me, kind, ++session.names_made);
  // The directory part of the path goes in as the caller spelled it; readers must not use it, flufl.lock does.
  const std::string& path = session.settings.lock_path;
  std::string contents = path.substr(0, path.size() - session.names.base().size()) + name_;
  if (mutated(Bug::links_before_writing)) contents.clear();
  return step::CreateFile{Place::lock_directory, name_, std::move(contents)};
}

Next MakeClaim::resume(Session& session, const Result& result) {
  if (phase_ == Phase::removing) return start(session);
  if (result.error == 0) {
    session.claim = Claim{name_, result.status, ServerTime{}, LeaseTime{}};
    // Compat mode has no directory of its own to take the server's time from (section 6.4).
    if (!session.settings.fenced) session.take_anchor(result);
    return std::nullopt;
  }
  if (result.error == EEXIST && ++rounds_ <= 3) {
    phase_ = Phase::removing;
    return step::Unlink{Place::lock_directory, name_};
  }
  error_ = os_error(result.error);
  return std::nullopt;
}

}  // namespace leaselock::protocol
