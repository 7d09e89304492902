#pragma once

#include <system_error>

/// Exit statuses of the command, the words of sysexits(3) where they fit (docs/command_line.md).
namespace leaselock::tool {

enum ExitStatus : int {
  exit_ok = 0,
  exit_held = 1,            ///< status: at least one lock is held
  exit_trouble = 2,         ///< status: at least one lock has a problem or could not be looked at
  exit_conditions = 1,      ///< doctor: fenced locks can be trusted with conditions
  exit_untrusted = 2,       ///< doctor: they cannot
  exit_overlap = 1,         ///< verify: the lock failed
  exit_unproven = 2,        ///< verify: the run was not as planned, or cannot be judged
  exit_usage = 64,          ///< EX_USAGE: the command line or a value on it is wrong
  exit_software = 70,       ///< EX_SOFTWARE: a bug, or out of memory
  exit_os = 71,             ///< EX_OSERR: no process could be started
  exit_cannot_create = 73,  ///< EX_CANTCREAT: no lock can be made there
  exit_io = 74,             ///< EX_IOERR: the file system failed
  exit_not_now = 75,        ///< EX_TEMPFAIL: somebody else holds the lock
  exit_lost = 76,           ///< the lease was lost while the command ran
  exit_not_permitted = 77,  ///< EX_NOPERM
  exit_not_executable = 126,
  exit_not_found = 127,
  exit_signal_base = 128,  ///< plus the number of the signal that ended it
};

/// The status that tells a script what kind of failure this was.
int exit_status_of(const std::error_code& error);

}  // namespace leaselock::tool
