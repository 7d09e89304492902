#pragma once

#include <optional>
#include <string>
#include <vector>

#include "doctor/facts.hpp"
#include "leaselock/lease_time.hpp"

/// What the facts mean. Pure: the same facts give the same diagnosis (docs/operating.md explains the rules).
namespace leaselock::tool::doctor {

/// In the order from good to bad.
enum class Verdict { yes, conditions, no };

/// One thing that was looked at, what was found, and how far each mode can be trusted in view of it.
struct Finding {
  std::string subject;
  std::string text;
  std::string advice;  ///< what to do about it; empty: nothing
  Verdict fenced = Verdict::yes;
  Verdict compat = Verdict::yes;
  Verdict fast_path = Verdict::yes;
};

/// Settings that fit this directory; where an option is empty the library's default is right.
struct Settings {
  Duration lifetime{};
  Duration refresh{};
  Duration shortest_lifetime{};  ///< with anything less one slow refresh costs the lease
  std::optional<Duration> stamp_error;
  std::optional<Duration> grace;
  bool mirror = true;
  bool trust_server_clock = true;
};

struct Diagnosis {
  std::vector<Finding> findings;
  Verdict fenced = Verdict::yes;
  Verdict compat = Verdict::yes;
  Verdict fast_path = Verdict::yes;
  Settings settings;
  std::vector<std::string> unproven;  ///< what cannot be seen from this host alone
};

Diagnosis judge(const Facts& facts);

/// The parts of judge().
void judge_mount(const Facts& facts, std::vector<Finding>& findings);
void judge_names(const Facts& facts, std::vector<Finding>& findings);
void judge_clock(const Facts& facts, std::vector<Finding>& findings);
void judge_use(const Facts& facts, std::vector<Finding>& findings);

/// Stamps of a touch may be made by another clock than the server's, or by several.
bool stamps_are_doubtful(const Facts& facts);
/// How far a stamp may be from the server's true time, as far as the probes saw.
Duration seen_stamp_error(const Facts& facts);
Duration default_stamp_error(const Facts& facts);
Settings recommend(const Facts& facts);

}  // namespace leaselock::tool::doctor
