#pragma once

/// What an interactive shell does with one job, for the tests of Ctrl-Z.
namespace leaselock::cli_test {

/// For Settings::before_exec, on a terminal: the command becomes a job in the foreground. When it stops the terminal
/// shows "[stopped]"; what is typed then, "fg" and a newline, continues it. Ends with the job's status, as the shell
/// says it.
bool under_job_shell();

}  // namespace leaselock::cli_test
