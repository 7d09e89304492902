#pragma once

#include <cerrno>
#include <optional>
#include <system_error>

#include "leaselock/error.hpp"
#include "protocol/session.hpp"
#include "protocol/step.hpp"

/// What all operations share. An operation is a value with one question, resume(session, last result), and answers
/// with the next step, or with none when it has ended; how it ended is then in its accessors. Each phase is named for
/// the step whose result it waits for.
namespace leaselock::protocol {

using Next = std::optional<Step>;

inline std::error_code os_error(int error) { return {error, std::system_category()}; }

/// The name or handle is not there (any more). Over NFS both words are used for the same thing; neither proves that
/// an owner is dead (section 10).
inline bool is_absent(int error) { return error == ENOENT || error == ESTALE; }

/// Nothing happened and nothing will: we may not.
inline bool is_denied(int error) { return error == EACCES || error == EPERM || error == EROFS; }

/// The file system has no hard links, or not here.
inline bool links_refused(int error) {
  return error == EMLINK || error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EXDEV;
}

/// rename and rmdir of a directory whose target is in use.
inline bool is_occupied(int error) { return error == EEXIST || error == ENOTEMPTY; }

}  // namespace leaselock::protocol
