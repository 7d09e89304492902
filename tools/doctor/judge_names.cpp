#include "doctor/judge.hpp"

namespace leaselock::tool::doctor {

namespace {

constexpr const char* keep_out = "keep no lock here";

Finding broken(const std::string& subject, const Fault& fault) {
  return {subject, fault, keep_out, Verdict::no, Verdict::no, Verdict::no};
}

/// The one thing that fenced mode stands on (protocol.md 21.3).
Finding of_rename(const Names& names) {
  for (const Fault& fault : {names.rename, names.rename_of_missing, names.rename_over_full}) {
    if (!fault.empty()) return broken("rename", fault);
  }
  const Race& race = names.race;
  const std::string rounds = std::to_string(race.rounds) + " races of two threads";
  if (race.two_winners > 0) {
    return broken("rename", std::to_string(race.two_winners) + " of " + rounds + " had two winners");
  }
  if (race.rounds == 0) return broken("rename", "no race of two renames could be held");
  Finding finding{"rename", "atomic as far as one host can see: one winner in each of " + rounds, ""};
  if (race.no_winner > 0) {
    finding.text = std::to_string(race.no_winner) + " of " + rounds + " had no winner: answers get lost";
    finding.advice = "leaselock looks again after such an answer; find out why the server's answers get lost";
    finding.fenced = finding.compat = Verdict::conditions;
  }
  if (!names.rename_over_empty.empty()) finding.text += "; " + names.rename_over_empty + ", which is allowed for";
  return finding;
}

Finding of_creation(const Names& names) {
  for (const Fault& fault : {names.exclusive_create, names.exclusive_mkdir}) {
    if (!fault.empty()) return broken("creation", fault);
  }
  return {"creation", "files and directories are made exclusively", ""};
}

Finding of_identity(const Names& names) {
  if (names.identity.empty())
    return {"identity", "inode numbers tell files apart, and stay over renames and looks", ""};
  return broken("identity", names.identity);
}

Finding of_hard_links(const Names& names) {
  const Fault& fault = names.hard_link.empty() ? names.link_count : names.hard_link;
  if (fault.empty()) return {"hard links", "are made, refused where a name is taken, and counted", ""};
  Finding finding{"hard links", fault, "give every user of the lock --no-mirror; flufl.lock cannot work here"};
  finding.fenced = Verdict::conditions;
  finding.compat = Verdict::no;
  return finding;
}

}  // namespace

void judge_names(const Facts& facts, std::vector<Finding>& findings) {
  findings.push_back(of_rename(facts.names));
  findings.push_back(of_creation(facts.names));
  findings.push_back(of_identity(facts.names));
  findings.push_back(of_hard_links(facts.names));
}

}  // namespace leaselock::tool::doctor
