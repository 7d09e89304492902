#include <algorithm>

#include "doctor/judge.hpp"
#include "doctor/words.hpp"

namespace leaselock::tool::doctor {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What two sources may be apart by chance: ticks, and what a clock does between the probes. A tenth of what a stamp on
/// a network may be wrong.
constexpr auto same = milliseconds(100);
/// flufl.lock's slop for clocks that differ.
constexpr auto slop = seconds(10);

bool moves(const Stamps& stamps) { return stamps.step > Duration::zero(); }

/// The least by which the clocks of two sources differ.
Duration apart(const Stamps& one, const Stamps& other) {
  if (!moves(one) || !moves(other)) return Duration::zero();
  return std::max({Duration::zero(), one.offset_low - other.offset_high, other.offset_low - one.offset_high});
}

Duration magnitude(Duration length) { return length < Duration::zero() ? -length : length; }

std::string as_offset(const Stamps& stamps) {
  const Duration offset = stamps.offset();
  return fine_duration(magnitude(offset)) + (offset < Duration::zero() ? " behind" : " ahead of") +
         " ours, give or take " + fine_duration(stamps.offset_error());
}

Finding of_stamps(const Facts& facts) {
  const Stamps& stamps = facts.touched_directory;
  if (!moves(stamps)) {
    return {"time stamps",       "touching a directory leaves no new time stamp",
            "keep no lock here", Verdict::no,
            Verdict::conditions, Verdict::yes};
  }
  Finding finding{"time stamps", "move forward, in steps of " + fine_duration(stamps.step) + " or less", ""};
  const Duration error = seen_stamp_error(facts);
  if (stamps.backward > 0) {
    finding.text =
        "went back by up to " + fine_duration(stamps.worst_backward) + ": several clocks answer, or one was set";
    finding.advice = "set trust_server_clock to false";
    finding.fenced = finding.compat = Verdict::conditions;
  } else if (error > default_stamp_error(facts)) {
    finding.text += ", and are up to " + fine_duration(error) + " wrong";
    finding.advice = "set stamp_error and grace as recommended below";
    finding.fenced = finding.compat = Verdict::conditions;
  }
  return finding;
}

/// protocol.md 21.1: fenced mode counts on a touched directory being stamped by the server.
void of_sources(const Facts& facts, std::vector<Finding>& findings) {
  const Duration touched = apart(facts.touched_directory, facts.changed_directory);
  if (touched > same) {
    Finding finding{"stamp source",
                    "a touch of a directory is stamped " + fine_duration(touched) + " away from a rename in it",
                    "set trust_server_clock to false: a touch does not show the server's clock"};
    finding.fenced = finding.compat = Verdict::conditions;
    findings.push_back(finding);
  }
  const Duration file = apart(facts.touched_directory, facts.touched_file);
  if (file > same) {
    Finding finding{"stamp source",
                    "a touch of a file is stamped " + fine_duration(file) + " away from one of a directory",
                    "fenced mode goes by directories; for compat keep this host's clock with the server's"};
    finding.compat = file >= slop ? Verdict::no : Verdict::conditions;
    findings.push_back(finding);
  }
}

Finding of_offset(const Facts& facts) {
  // The server's own stamp where there is one; a touch may be stamped by this host.
  const Stamps& stamps = moves(facts.changed_directory) ? facts.changed_directory : facts.touched_directory;
  Finding finding{"server clock", as_offset(stamps), ""};
  if (magnitude(stamps.offset()) > slop + stamps.offset_error()) {
    finding.compat = Verdict::no;
    finding.advice = "fenced mode does not mind; for flufl.lock and compat set this host's or the server's clock right";
  } else if (magnitude(stamps.offset()) > slop / 4) {
    finding.advice = "fenced mode does not mind; flufl.lock and compat allow for 10 s among all hosts";
  }
  return finding;
}

}  // namespace

void judge_clock(const Facts& facts, std::vector<Finding>& findings) {
  findings.push_back(of_stamps(facts));
  if (facts.local) return;  // its kernel has one clock, which is ours
  of_sources(facts, findings);
  if (moves(facts.touched_directory)) findings.push_back(of_offset(facts));
}

Duration default_stamp_error(const Facts& facts) {
  return facts.local ? Duration(milliseconds(20)) : Duration(seconds(1));
}

Duration seen_stamp_error(const Facts& facts) {
  const Stamps& stamps = facts.touched_directory;
  // Where one offset explains all samples its error is that of our measuring, not of the stamps.
  const Duration spread = stamps.inconsistent ? stamps.offset_high - stamps.offset_low : Duration::zero();
  // Steps between stamps that are all different are those of our looks.
  return std::max({stamps.repeated ? stamps.step : Duration::zero(), stamps.worst_backward, spread});
}

bool stamps_are_doubtful(const Facts& facts) {
  if (facts.touched_directory.backward > 0) return true;
  return !facts.local && (!facts.mount.is_nfs() || apart(facts.touched_directory, facts.changed_directory) > same);
}

}  // namespace leaselock::tool::doctor
