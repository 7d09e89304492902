#pragma once

#include "leaselock/lock.hpp"
#include "lock_context.hpp"
#include "protocol/mutation.hpp"
#include "published_hold.hpp"
#include "settings_from.hpp"

namespace leaselock {

/// The context plus what other threads may ask about it at any time.
class LEASELOCK_LOCAL Lock::Impl {
 public:
  Impl(boost::filesystem::path lockfile, LockOptions options, const protocol::Purpose& purpose)
      : context(std::move(lockfile), std::move(options), purpose), generation_(context.fork_generation()) {}

  ~Impl() {
    if (in_forked_child()) return;  // the parent's files are the parent's
    withdraw();
    try {
      if (context.session().hold) context.release();
      context.run(context.engine().start_close(context.now()));
    } catch (const std::exception&) {
      // Out of memory: the lease ends by itself.
    }
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Call first in everything that does I/O: a forked child starts over under its own identity.
  void enter() {
    if (!in_forked_child()) return;
    withdraw();
    context.change_identity();
    generation_ = context.fork_generation();
  }

  void lock(std::optional<Duration> timeout, std::error_code& error, const protocol::AcquireRequest& request = {}) {
    enter();
    error = context.acquire(timeout, request);
    publish();
  }

  void upgrade(std::error_code& error) {
    enter();
    error = context.upgrade();
    publish();
  }

  void downgrade(std::error_code& error) {
    enter();
    error = context.downgrade();
    publish();
  }

  void unlock(std::error_code& error) {
    enter();
    withdraw();
    error = context.release();
    publish();
  }

  void destroy(std::error_code& error, protocol::DestroyRequest request = {}) {
    enter();
    withdraw();
    error = context.destroy(request);
    publish();
  }

  void refresh(std::optional<Duration> lifetime, std::error_code& error) {
    enter();
    if (lifetime && !why_not_lifetime(*lifetime).empty()) {
      error = Errc::invalid_options;
      return;
    }
    error = context.refresh(lifetime);
    context.options().lifetime = context.session().settings.lifetime;
    publish();
  }

  /// False, with the error set, when the lock's directory cannot be looked at.
  bool inspect(std::error_code& error) {
    enter();
    error = context.run(context.engine().start_inspect(context.now()));
    return !error;
  }

  Duration remaining() const noexcept { return in_forked_child() ? Duration::zero() : published_.remaining(); }

  std::optional<FencingToken> token() const noexcept { return in_forked_child() ? std::nullopt : published_.token(); }

  bool holds_shared() const noexcept { return token() && published_.shared(); }
  bool holds_exclusive() const noexcept { return token() && !published_.shared(); }
  std::vector<Slot> held_slots() const { return in_forked_child() ? std::vector<Slot>() : published_.slots(); }

  LockContext context;

 private:
  bool in_forked_child() const noexcept {
    return generation_ != context.fork_generation() && !protocol::mutated(protocol::Bug::child_keeps_hold);
  }

  void withdraw() noexcept { published_.withdraw(); }
  void publish() { published_.publish(context.session()); }

  std::uint64_t generation_;
  PublishedHold published_;
};

}  // namespace leaselock
