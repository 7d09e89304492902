#include "protocol/identify_claim.hpp"

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next IdentifyClaim::start(Session& session, std::string name, const FileStatus& file, bool confirm) {
  *this = IdentifyClaim{};
  name_ = std::move(name);
  file_ = file;
  confirm_ = confirm;
  if (session.timing.local) return list();
  // A claim that was just made is missing in an older listing.
  phase_ = Phase::freshening;
  return step::Look{Place::lock_directory, "", true};
}

Next IdentifyClaim::list() {
  phase_ = Phase::listing;
  return step::List{Place::lock_directory};
}

Next IdentifyClaim::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::freshening:
      return list();
    case Phase::listing:
      return on_listed(session, result);
    case Phase::looking_again:
      // What is there by now may be the lock file of somebody alive whose claim has a name.
      if (is_absent(result.error) || (result.error == 0 && !same_file(result.status, file_))) {
        return end(Outcome::changed);
      }
      phase_ = Phase::reading;
      return step::Read{Place::lock_directory, name_};
    case Phase::reading:
      return on_read(session, result);
    case Phase::confirming:
      is_fenced_ = result.error == 0 && same_file(result.status, file_);
      return end(Outcome::claim);
  }
  return std::nullopt;
}

Next IdentifyClaim::on_listed(Session& session, const Result& result) {
  if (result.error == 0) {
    for (const Entry& entry : result.entries) {
      if (entry.inode != file_.inode) continue;
      if (auto claim = session.names.parse_claim(entry.name)) return found(entry.name, std::move(*claim));
    }
  }
  // Its claim is gone, or it is somebody's file, or this file system lists other numbers than it shows.
  phase_ = Phase::looking_again;
  return step::Look{Place::lock_directory, name_, true};
}

Next IdentifyClaim::on_read(Session& session, const Result& result) {
  if (is_absent(result.error)) return end(Outcome::changed);
  if (result.error == ELOOP || result.error == EINVAL) return end(Outcome::stranger);
  if (result.error != 0) {
    error_ = os_error(result.error);
    return end(Outcome::failed);
  }
  if (!same_file(result.status, file_)) return end(Outcome::changed);
  file_ = result.status;
  std::string name(last_component(result.contents));
  if (auto claim = session.names.parse_claim(name)) return found(std::move(name), std::move(*claim));
  if (mutated(Bug::removes_path_from_contents)) {
    claim_name_ = result.contents;
    return end(Outcome::claim);
  }
  return end(result.contents.empty() && file_.links >= 2 ? Outcome::rewritten : Outcome::stranger);
}

Next IdentifyClaim::found(std::string name, ClaimName claim) {
  claim_name_ = std::move(name);
  claim_ = std::move(claim);
  if (!confirm_ || claim_->kind != ClaimKind::fenced) return end(Outcome::claim);
  // A listing may be older than the file, and contents may say anything.
  phase_ = Phase::confirming;
  return step::Look{Place::lock_directory, claim_name_, true};
}

Next IdentifyClaim::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

}  // namespace leaselock::protocol
