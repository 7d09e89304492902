#include "verify/verdict.hpp"

#include <algorithm>
#include <set>

#include "text.hpp"

namespace leaselock::tool::verify {

namespace {

/// "1 hold", "2 holds".
std::string count(std::size_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

void add_if(std::size_t number, const std::string& one, const std::string& many, std::vector<std::string>& to) {
  if (number > 0) to.push_back(count(number, one, many));
}

void add_proofs(const Findings& found, std::vector<std::string>& reasons) {
  add_if(found.overlaps, "pair of holds overlapped, by the clock of the host they were on",
         "pairs of holds overlapped, by the clock of the host they were on", reasons);
  add_if(found.meetings, "holder met another one inside, as the file server decided",
         "holders met another one inside, as the file server decided", reasons);
  add_if(found.repeated_tokens, "fencing token was given out twice", "fencing tokens were given out twice", reasons);
  add_if(found.disordered_tokens, "fencing token was smaller than that of the hold before",
         "fencing tokens were smaller than those of the holds before", reasons);
  add_if(found.lost_early, "lease was taken away before its end", "leases were taken away before their end", reasons);
}

void add_shortcomings(const Contest& contest, const Findings& found, std::vector<std::string>& reasons) {
  for (const Member& member : contest.members) {
    const auto record = std::ranges::find(contest.records, member.id, [](const HostRecord& r) { return r.member.id; });
    if (record == contest.records.end()) {
      reasons.push_back("host " + member.host + " took part but did not report in time: look at its output");
    } else if (record->interrupted) {
      reasons.push_back("host " + member.host + " was interrupted");
    }
  }
  for (const Row& row : found.rows) {
    if (!row.trouble.empty()) {
      reasons.push_back("host " + row.host + ", worker " + std::to_string(row.worker) + ": " + row.trouble);
    }
  }
  add_if(found.unclear_meetings, "holder met a worker inside whose lease may have ended: this cannot be judged",
         "holders met a worker inside whose lease may have ended: this cannot be judged", reasons);
  add_if(found.lost_updates,
         "update of the shared counter was lost: two were at work at once, or a request came late or twice",
         "updates of the shared counter were lost: two were at work at once, or a request came late or twice", reasons);
}

void add_notes(const Contest& contest, const Findings& found, std::vector<std::string>& notes) {
  add_if(found.overstayed,
         "hold outlived its lease; may_act() told so, and it counts up to its deadline only. The machine or the "
         "server stood still for longer than the lifetime",
         "holds outlived their leases; may_act() told so, and they count up to their deadlines only. The machine or "
         "the server stood still for longer than the lifetime",
         notes);
  if (found.no_links) {
    notes.emplace_back(
        "there are no hard links here, so holders of different hosts could not meet: across hosts only tokens and the "
        "shared counter were judged");
  }
  std::set<std::string> options;
  for (const Member& member : contest.members) options.insert(member.options);
  if (options.size() > 1) {
    std::string text = "the hosts were started with different options, which not all exclude each other:";
    for (const std::string& one : options) text += " [" + one + "]";
    notes.push_back(text);
  }
}

struct Extent {
  std::size_t hosts;
  std::size_t machines;
  unsigned caches;
};

Extent extent_of(const Contest& contest) {
  std::set<std::string> machines;
  unsigned caches = 0;
  for (const Member& member : contest.members) {
    machines.insert(member.machine);
    caches += member.caches;
  }
  return {contest.members.size(), machines.size(), caches};
}

void describe_extent(const Contest& contest, Verdict& verdict) {
  const Extent extent = extent_of(contest);
  const std::string how = "leaselock verify --join NAME " + shell_word(contest.directory);
  if (extent.machines > 1) {
    verdict.shown =
        "A clean run shows that processes of these " + std::to_string(extent.machines) +
        " hosts, each with its own kernel and clock, exclude each other on these mounts while all goes well.";
    verdict.not_shown =
        "It cannot show what happens when a host crashes or is cut off, nor on other hosts or mounts, nor that a rare "
        "failure does not exist: the longer the run (--seconds), the more it says.";
    return;
  }
  verdict.not_shown =
      "It cannot show that hosts exclude each other, since every kernel has caches and a clock of its "
      "own: run `" +
      how + "` on two hosts at the same time.";
  if (extent.hosts > 1) {
    verdict.shown = "All " + std::to_string(extent.hosts) +
                    " participants ran on one machine. A clean run shows that processes of this machine exclude each "
                    "other here.";
  } else if (extent.caches > 1) {
    verdict.shown = "A clean run shows that processes of this host exclude each other through " +
                    std::to_string(extent.caches) + " mounts that cache apart, as two hosts would.";
  } else {
    verdict.shown =
        "A clean run shows that processes of this host exclude each other through one mount, with one cache.";
    verdict.not_shown += " With one host only: mount the export a second time with nosharecache and name both.";
  }
}

}  // namespace

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::clean:
      return "clean";
    case Outcome::broken:
      return "broken";
    case Outcome::unproven:
      return "unproven";
  }
  return "";
}

Verdict judge(const Contest& contest, const Findings& findings) {
  Verdict verdict;
  add_proofs(findings, verdict.reasons);
  const bool broken = !verdict.reasons.empty();
  add_shortcomings(contest, findings, verdict.reasons);
  if (!verdict.reasons.empty()) verdict.outcome = broken ? Outcome::broken : Outcome::unproven;
  add_notes(contest, findings, verdict.notes);
  describe_extent(contest, verdict);
  return verdict;
}

}  // namespace leaselock::tool::verify
