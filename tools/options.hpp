#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leaselock/options.hpp"

/// What the command lines of all commands have in common.
namespace leaselock::tool {

/// A length of time as people write it: "500ms", "15s", "2m", "1h30m", "1.5h", "1d"; a bare number is seconds, as for
/// timeout(1). Empty when it is none, is negative, or is longer than the clocks count.
std::optional<Duration> parse_duration(std::string_view text);

/// Adds an option that takes a length of time.
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Duration)> store,
                          const std::string& description);

/// How many slots a lock may have.
CLI::Validator slot_count();

/// Permission bits in octal, with or without leading zeros; whether they make sense the library says.
std::optional<std::uint32_t> parse_permissions(std::string_view text);

/// The options that all users of one lock path must agree on: --compat, --no-mirror, --separator, --trust-anyone; and
/// --permissions, which are for what each of them makes.
void add_shared_options(CLI::App& app, LockOptions& options);

/// What the command line asked for: set by the command that was chosen, and run when all of it was understood.
struct Invocation {
  std::function<int()> action;
  /// What stood behind the first "--"; `run` takes it as the command. CLI11 never sees it.
  std::vector<std::string> after_dashes;
  bool dashes = false;
};

/// Each command adds itself to the program.
void add_run(CLI::App& program, Invocation& invocation);
void add_status(CLI::App& program, Invocation& invocation);
void add_top(CLI::App& program, Invocation& invocation);
void add_break(CLI::App& program, Invocation& invocation);
void add_clean(CLI::App& program, Invocation& invocation);
void add_resize(CLI::App& program, Invocation& invocation);
void add_doctor(CLI::App& program, Invocation& invocation);
void add_verify(CLI::App& program, Invocation& invocation);

}  // namespace leaselock::tool
