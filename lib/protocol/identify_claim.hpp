#pragma once

#include <optional>
#include <string>

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// Tells whose claim a file is that should be a second link to one: the lock file, or a breaker's mark (6.1).
///
/// The names in the lock's directory tell it by their inode numbers. The file itself is opened only when none of them
/// does: a reader may be given a delegation, and then the owner's requests wait until it has been recalled (14).
class IdentifyClaim {
 public:
  enum class Outcome : std::uint8_t {
    claim,      ///< of this lock
    rewritten,  ///< empty, with a second link: flufl.lock is just writing its claim again
    stranger,   ///< nothing says that it has to do with this lock
    changed,    ///< it is gone, or another file by now
    failed,
  };

  /// name: in the lock's directory. file: what a forced look at it has just shown, a regular file. confirm: look also
  /// at a claim of fenced mode by its own name, so that is_fenced() is certain.
  Next start(Session& session, std::string name, const FileStatus& file, bool confirm);
  Next resume(Session& session, const Result& result);

  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }
  /// The file as it was when it was identified.
  const FileStatus& file() const { return file_; }
  /// Material to show; before anything is done to a file of that name its inode is to be checked.
  const std::string& claim_name() const { return claim_name_; }
  const std::optional<ClaimName>& claim() const { return claim_; }
  /// It is the claim of a fenced object.
  bool is_fenced() const { return is_fenced_; }

 private:
  enum class Phase : std::uint8_t { freshening, listing, looking_again, reading, confirming };

  Next list();
  Next on_listed(Session& session, const Result& result);
  Next on_read(Session& session, const Result& result);
  Next found(std::string name, ClaimName claim);
  Next end(Outcome outcome);

  Phase phase_ = Phase::listing;
  std::string name_;
  FileStatus file_;
  bool confirm_ = false;
  std::string claim_name_;
  std::optional<ClaimName> claim_;
  bool is_fenced_ = false;
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
