#include <array>

#include "doctor/judge.hpp"
#include "doctor/words.hpp"

namespace leaselock::tool::doctor {

namespace {

constexpr std::uint64_t little_space = 16 << 20;
constexpr std::uint64_t few_inodes = 1000;

Finding of_trial(const Facts& facts) {
  const Trial& trial = facts.trial;
  Finding finding{"lock, unlock", "work in every mode; fenced takes " + fine_duration(trial.fenced_cycle), ""};
  if (!trial.compat.empty()) {
    finding.text = "compat: " + trial.compat;
    finding.compat = Verdict::no;
  }
  if (!trial.fenced.empty()) {
    const bool bare = trial.without_mirror.empty();
    finding.text = "fenced: " + trial.fenced + (bare ? "; without the mirror it works" : "");
    finding.fenced = bare ? Verdict::conditions : Verdict::no;
    finding.advice = bare ? "give every user of the lock --no-mirror" : "keep no lock here";
  }
  return finding;
}

Finding of_speed(const Facts& facts) {
  const Speed& speed = facts.speed;
  if (speed.requests == 0) return {"round trip", "no rename succeeded", "keep no lock here", Verdict::no, Verdict::no};
  Finding finding{"round trip",
                  fine_duration(speed.median) + ", slowest " + fine_duration(speed.worst) + " of " +
                      std::to_string(speed.requests) + " renames",
                  ""};
  if (speed.worst > default_stamp_error(facts) && !facts.local) {
    finding.advice = "slower than a healthy server; take the lifetime recommended below or a longer one";
  }
  return finding;
}

Finding of_space(const Place& place) {
  const bool counted = place.all_inodes > 0;
  Finding finding{"free space", std::to_string(place.free_bytes >> 20) + " MiB", ""};
  if (counted) finding.text += ", " + std::to_string(place.free_inodes) + " inodes";
  if (place.free_bytes < little_space || (counted && place.free_inodes < few_inodes)) {
    finding.advice = "make room: locks cannot be made on a full file system";
  }
  return finding;
}

std::string mode_in_words(std::uint32_t mode) {
  constexpr std::array<const char*, 8> triple{"---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"};
  std::string text = std::string("d") + triple.at(mode >> 6 & 7U) + triple.at(mode >> 3 & 7U) + triple.at(mode & 7U);
  if ((mode & 01000U) != 0) text.back() = (mode & 1U) != 0 ? 't' : 'T';
  return text;
}

/// guarantees.md, "Trust": the directory's permissions are the lock's permissions.
Finding of_permissions(const Place& place) {
  const bool group = (place.mode & 020U) != 0;
  const bool everybody = (place.mode & 02U) != 0;
  const bool sticky = (place.mode & 01000U) != 0;
  Finding finding{
      "permissions",
      mode_in_words(place.mode) + ", owner " + std::to_string(place.owner) + ", group " + std::to_string(place.group),
      ""};
  if (sticky && (group || everybody)) {
    finding.text += ": sticky, so users cannot share a lock, only get in its way";
    finding.advice = "use a directory that is not sticky and that only the lock's users may write to";
  } else if (everybody) {
    finding.text += ": every user may take any lock away";
    finding.advice = "let only the lock's users write to it (chmod o-w)";
  } else if (group) {
    finding.text += ": the group may take any lock away";
    finding.advice = "if several users share a lock give all of them --permissions 0660";
  }
  return finding;
}

/// protocol.md 21.2.
void of_mapped_user(const Place& place, std::vector<Finding>& findings) {
  if (place.made_as == place.our_user) return;
  findings.push_back({"user",
                      "the server makes our files for user " + std::to_string(place.made_as) + ", we are " +
                          std::to_string(place.our_user) + " (root squashing or mapped users)",
                      "leaselock allows for it; all users that are mapped to that one are one user to the lock"});
}

Finding of_record_locks(const Facts& facts) {
  if (!facts.record_locks) {
    return {"record locks", "not tried: leaselock does not rely on a network's file locks", ""};
  }
  if (!facts.record_locks->empty()) {
    Finding finding{"record locks", *facts.record_locks, ""};
    finding.fast_path = Verdict::no;
    return finding;
  }
  return {"record locks", "exclude each other; the fast path stands on them", ""};
}

}  // namespace

void judge_use(const Facts& facts, std::vector<Finding>& findings) {
  findings.push_back(of_trial(facts));
  findings.push_back(of_speed(facts));
  findings.push_back(of_space(facts.place));
  findings.push_back(of_permissions(facts.place));
  of_mapped_user(facts.place, findings);
  findings.push_back(of_record_locks(facts));
}

}  // namespace leaselock::tool::doctor
