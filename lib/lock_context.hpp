#pragma once

#include <boost/filesystem/path.hpp>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "drive/blocking.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"
#include "ports/environment.hpp"
#include "protocol/engine.hpp"
#include "reporter.hpp"

namespace leaselock {

/// One protocol engine with its directory handles, on the blocking driver: what Lock and the maintenance functions
/// are both made of.
class LockContext {
 public:
  /// Does no I/O on the lock's file system. Throws: LockError (Errc::invalid_options).
  LockContext(boost::filesystem::path lockfile, LockOptions options, const protocol::Purpose& purpose = {});

  const boost::filesystem::path& lockfile() const { return lockfile_; }
  LockOptions& options() { return options_; }
  const LockOptions& options() const { return options_; }
  const std::string& hostname() const { return hostname_; }
  protocol::Engine& engine() { return engine_; }
  const protocol::Engine& engine() const { return engine_; }
  const protocol::Session& session() const { return engine_.session(); }
  LeaseTime now() const { return environment_.clock.now(); }
  std::uint64_t fork_generation() const noexcept { return environment_.host.fork_generation(); }

  const protocol::Purpose& purpose() const { return purpose_; }
  void set_purpose(const protocol::Purpose& purpose);

  /// Begins again as a new object under this process's identity, leaving all files alone: for a forked child.
  void change_identity();

  /// Runs what the engine has just started to its end.
  std::error_code run(std::optional<protocol::Step> first);
  std::error_code refresh(std::optional<Duration> lifetime);
  std::error_code release();
  std::error_code destroy(protocol::DestroyRequest request = {});
  std::error_code upgrade();
  std::error_code downgrade();
  /// lock() with an optional timeout. After a request to stop nothing is held (Errc::cancelled).
  std::error_code acquire(std::optional<Duration> timeout, protocol::AcquireRequest request = {});

  /// Sorts what crashed processes left, by this host's clock, and removes nothing.
  std::error_code look_for_leftovers();
  /// Names in the lock's directory.
  std::error_code list_directory(std::vector<std::string>& names);

  /// Good enough to tell people by; only a stamp decides.
  ServerTime server_now() const;
  /// The state that the engine's last inspection shows.
  LockState state() const;
  /// Who holds it, by the engine's last inspection: one of them, and all.
  std::optional<Holder> holder() const;
  std::vector<Holder> holders() const;
  Predecessor predecessor() const;

  /// Throws the exception for this code, naming the path, the holder where known, and the next thing to do.
  [[noreturn]] void raise(std::error_code error) const;

 private:
  drive::Observers observers();
  bool owner_is_gone(const protocol::Owner& owner) const;

  boost::filesystem::path lockfile_;
  LockOptions options_;
  protocol::Purpose purpose_;
  const ports::Environment& environment_;
  std::string hostname_;
  protocol::Engine engine_;
  std::unique_ptr<ports::FileSystem> files_;
  std::unique_ptr<Reporter> reporter_;  ///< null when nobody listens
};

/// Runs `body` with an error_code and throws its error through the context: the throwing form of a function.
template <class Body>
auto throwing(const LockContext& context, Body body) {
  std::error_code error;
  if constexpr (std::is_void_v<decltype(body(error))>) {
    body(error);
    if (error) context.raise(error);
  } else {
    auto value = body(error);
    if (error) context.raise(error);
    return value;
  }
}

}  // namespace leaselock
