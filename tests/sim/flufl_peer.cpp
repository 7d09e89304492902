#include "flufl_peer.hpp"

#include <cerrno>

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::Place;
using protocol::Result;
using protocol::Step;
using namespace std::chrono_literals;

namespace {

bool is_gone(int error) { return error == ENOENT || error == ESTALE; }

}  // namespace

FluflPeer::FluflPeer(Settings settings, std::uint64_t seed) : settings_(std::move(settings)), random_(seed) {
  claim_ = settings_.base + '|' + settings_.host + '|' + std::to_string(settings_.pid) + '|' +
           std::to_string(random_.below(1ULL << 62));
}

std::optional<Step> FluflPeer::start_lock(std::optional<Duration> timeout, LeaseTime now) {
  operation_ = Operation::lock;
  give_up_at_.reset();
  if (timeout) give_up_at_ = now + *timeout;
  phase_ = Phase::writing;
  return step::CreateFile{Place::lock_directory, claim_, path(claim_)};
}

std::optional<Step> FluflPeer::start_unlock(LeaseTime now) {
  holds_ = false;
  return prove(Operation::unlock, now);
}

std::optional<Step> FluflPeer::start_refresh(LeaseTime now) { return prove(Operation::refresh, now); }

std::optional<Step> FluflPeer::prove(Operation operation, LeaseTime now) {
  operation_ = operation;
  phase_ = Phase::proving_by_touch;
  return touch(claim_, now);
}

std::optional<Step> FluflPeer::touch(const std::string& name, LeaseTime now) {
  const ServerTime expiry = std::chrono::floor<std::chrono::seconds>(wall(now) + settings_.lifetime);
  if (name == claim_) expiry_ = now + (expiry - wall(now));
  return step::Touch{Place::lock_directory, name, expiry};
}

std::optional<Step> FluflPeer::link() {
  phase_ = Phase::linking;
  return step::Link{Place::lock_directory, claim_, settings_.base};
}

std::optional<Step> FluflPeer::resume(const Result& result) {
  return operation_ == Operation::lock ? resume_lock(result) : resume_proof(result);
}

std::optional<Step> FluflPeer::resume_lock(const Result& result) {
  const LeaseTime now = result.received;
  const bool failed = result.error != 0 && !is_gone(result.error);
  switch (phase_) {
    case Phase::writing:
      if (result.error == EEXIST) {
        // It opens the file for writing whether it is there or not; our one step for that creates exclusively.
        phase_ = Phase::rewriting;
        return step::Unlink{Place::lock_directory, claim_};
      }
      if (result.error != 0) return end(Outcome::failed, result.error);
      phase_ = Phase::touching_claim;
      return touch(claim_, now);
    case Phase::rewriting:
      return start_lock(give_up_at_ ? std::optional<Duration>(*give_up_at_ - now) : std::nullopt, now);
    case Phase::touching_claim:
      if (failed) return end(Outcome::failed, result.error);
      return link();
    case Phase::linking:
      if (result.error == 0) {
        // The lock file exists from here on, with the expiry that the claim got when lock() was called.
        phase_ = Phase::touching_after_link;
        return touch(claim_, now);
      }
      if (is_gone(result.error)) return look_or_give_up(now);
      if (result.error != EEXIST) {
        error_ = result.error;
        phase_ = Phase::giving_up;
        return step::Unlink{Place::lock_directory, claim_};
      }
      phase_ = Phase::counting_links;
      return step::Look{Place::lock_directory, settings_.base, false};
    case Phase::touching_after_link:
      if (failed) return end(Outcome::failed, result.error);
      holds_ = true;
      return end(Outcome::done);
    case Phase::counting_links:
      if (failed) return end(Outcome::failed, result.error);
      if (result.error != 0 || result.status.links != 2) return look_or_give_up(now);
      phase_ = Phase::reading_owner;
      return step::Read{Place::lock_directory, settings_.base};
    case Phase::reading_owner:
      if (failed) return end(Outcome::failed, result.error);
      if (result.error == 0 && result.contents == path(claim_)) return end(Outcome::already_locked);
      return look_or_give_up(now);
    case Phase::giving_up:
      return error_ != 0 ? end(Outcome::failed, error_) : end(Outcome::timed_out);
    case Phase::looking_at_expiry:
      if (failed) return end(Outcome::failed, result.error);
      if (result.error != 0 || wall(now) <= result.status.modified + settings_.slop) return sleep(now);
      phase_ = Phase::touching_victim;
      return touch(settings_.base, now);
    case Phase::touching_victim:
      if (failed && result.error != EPERM) return end(Outcome::failed, result.error);
      phase_ = Phase::reading_victim;
      return step::Read{Place::lock_directory, settings_.base};
    case Phase::reading_victim:
      if (failed) return end(Outcome::failed, result.error);
      winner_ = result.error == 0 ? result.contents : std::string();
      phase_ = Phase::unlinking_lock;
      return step::Unlink{Place::lock_directory, settings_.base};
    case Phase::unlinking_lock:
      if (failed) return end(Outcome::failed, result.error);
      if (!winner_.starts_with(settings_.directory) || winner_ == settings_.directory) return sleep(now);
      winner_.erase(0, settings_.directory.size());
      if (winner_.find('/') != std::string::npos) return sleep(now);
      phase_ = Phase::unlinking_winner;
      return step::Unlink{Place::lock_directory, winner_};
    case Phase::unlinking_winner:
      if (failed) return end(Outcome::failed, result.error);
      return sleep(now);
    case Phase::sleeping:
      return link();
    default:
      return std::nullopt;
  }
}

/// The timeout is looked at before the expiry, as flufl.lock does.
std::optional<Step> FluflPeer::look_or_give_up(LeaseTime now) {
  if (give_up_at_ && *give_up_at_ < now) {
    error_ = 0;
    phase_ = Phase::giving_up;
    return step::Unlink{Place::lock_directory, claim_};
  }
  phase_ = Phase::looking_at_expiry;
  return step::Look{Place::lock_directory, settings_.base, false};
}

std::optional<Step> FluflPeer::sleep(LeaseTime now) {
  phase_ = Phase::sleeping;
  return step::WaitUntil{now + random_.between(Duration(10ms), Duration(2010ms))};
}

/// is_locked, which extends the lease it asks about; then what unlock() or refresh() do with the answer.
std::optional<Step> FluflPeer::resume_proof(const Result& result) {
  const bool failed = result.error != 0 && !is_gone(result.error);
  switch (phase_) {
    case Phase::proving_by_touch:
      if (result.error == EPERM) return proved(false);
      if (failed) return end(Outcome::failed, result.error);
      phase_ = Phase::proving_by_links;
      return step::Look{Place::lock_directory, settings_.base, false};
    case Phase::proving_by_links:
      if (failed) return end(Outcome::failed, result.error);
      if (result.error != 0 || result.status.links != 2) return proved(false);
      phase_ = Phase::proving_by_contents;
      return step::Read{Place::lock_directory, settings_.base};
    case Phase::proving_by_contents:
      if (failed) return end(Outcome::failed, result.error);
      return proved(result.error == 0 && result.contents == path(claim_));
    case Phase::releasing_lock:
      if (failed) return end(Outcome::failed, result.error);
      phase_ = Phase::releasing_claim;
      return step::Unlink{Place::lock_directory, claim_};
    case Phase::releasing_claim:
      return failed ? end(Outcome::failed, result.error) : end(Outcome::done);
    default:
      return std::nullopt;
  }
}

std::optional<Step> FluflPeer::proved(bool is_locked) {
  if (!is_locked) {
    holds_ = false;
    return end(Outcome::not_locked);
  }
  if (operation_ == Operation::refresh) return end(Outcome::done);
  phase_ = Phase::releasing_lock;
  return step::Unlink{Place::lock_directory, settings_.base};
}

std::optional<Step> FluflPeer::end(Outcome outcome, int error) {
  outcome_ = outcome;
  error_ = error;
  return std::nullopt;
}

}  // namespace leaselock::sim
