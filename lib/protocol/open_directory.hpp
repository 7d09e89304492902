#pragma once

#include <cstdint>
#include <string>

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// Opens the lock's directory once per object, and settles what depends on its file system: timing, and whether the
/// longest name will fit, before anything is written.
class OpenLockDirectory {
 public:
  Next start(Session& session);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  std::error_code error_;
};

/// Opens the fence directory, and creates it where that is allowed (3.1): it is prepared under a private name with
/// its baton inside and published by a rename that only an absent or empty directory gives way to. So a public fence
/// directory has a baton from the first moment, and an empty one, left by destroy(), never gets one again.
class OpenFence {
 public:
  Next start(Session& session, bool may_create);
  /// For a caller that has seen the public directory truly empty.
  Next start_creating(Session& session);
  Next resume(Session& session, const Result& result);
  /// ENOENT when it is not there and was not to be created.
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    opening,
    probing,
    looking_at_probe,
    removing_probe,
    making,
    opening_boot,
    creating_baton,
    publishing,
    clearing_public,
    asking,
    removing_baton,
    removing_boot,
    freshening,
  };
  Next open(Session& session);
  Next make(Session& session);
  Next judge(Session& session);
  Next publish(Session& session);
  Next ask_the_server(const Session& session);
  Next on_published(Session& session, int error);
  Next withdraw(Session& session, std::error_code why);
  Next fail(std::error_code why);
  bool trusted_owner(const Session& session) const;

  Phase phase_ = Phase::opening;
  bool may_create_ = false;
  int rounds_ = 0;
  std::string boot_;
  std::uint32_t slot_ = 0;  ///< whose baton is being made, or removed
  FileStatus found_;
  std::optional<std::uint32_t> own_id_;  ///< who we are to the server, which may map users
  std::error_code error_;
};

}  // namespace leaselock::protocol
