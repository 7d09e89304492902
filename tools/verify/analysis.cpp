#include "verify/analysis.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace leaselock::tool::verify {

namespace {

using Holds = std::vector<const Hold*>;

/// Sound, because both spans end with the last moment at which the clock of their host had not reached the deadline:
/// at any moment that two spans share, two workers were both promised the lock. One host has one clock for all its
/// processes; spans of different hosts are never compared. An overstayed hold counts up to its last sure moment only.
std::size_t count_overlaps(const Holds& by_start) {
  std::size_t overlaps = 0;
  Holds open;
  for (const Hold* hold : by_start) {
    std::erase_if(open, [hold](const Hold* before) { return before->sure->until <= hold->sure->from; });
    overlaps += open.size();
    if (hold->sure->until > hold->sure->from) open.push_back(hold);
  }
  return overlaps;
}

/// Sound, because each hold was valid at its first sure moment: holds that exclude each other began in this order, and
/// then so must their tokens be.
std::size_t count_disorder(const Holds& in_order) {
  std::size_t disorder = 0;
  FencingToken last = 0;
  for (const Hold* hold : in_order) {
    if (hold->token == 0) continue;
    if (hold->token < last) ++disorder;
    last = hold->token;
  }
  return disorder;
}

Holds holds_by_start(const HostRecord& record) {
  Holds holds;
  for (const WorkerRecord& worker : record.workers) {
    for (const Hold& hold : worker.holds) {
      if (hold.sure) holds.push_back(&hold);
    }
  }
  std::ranges::sort(holds, {}, [](const Hold* hold) { return hold->sure->from; });
  return holds;
}

/// Two holds never have one token, whatever became of them. Returns how many tokens came up again.
std::size_t count_repeated(const std::vector<HostRecord>& records) {
  std::map<FencingToken, std::size_t> seen;
  std::size_t repeated = 0;
  for (const HostRecord& record : records) {
    for (const WorkerRecord& worker : record.workers) {
      for (const Hold& hold : worker.holds) {
        if (hold.token != 0 && seen[hold.token]++ > 0) ++repeated;
      }
    }
  }
  return repeated;
}

/// The order across hosts, without any clock: every hold reads the shared counter from the server and writes one more
/// at its end. Sound where a place has one hold only: the hold at place n + 1 read n, which only the hold at place n
/// can have written, and both were valid when their write was confirmed. So n began before n + 1.
void judge_places(const std::vector<HostRecord>& records, Findings& findings) {
  struct At {
    const HostRecord* host;
    const Hold* hold;
  };
  std::map<std::int64_t, std::vector<At>> places;
  for (const HostRecord& record : records) {
    for (const WorkerRecord& worker : record.workers) {
      for (const Hold& hold : worker.holds) {
        if (hold.place != 0) places[hold.place].push_back({&record, &hold});
      }
    }
  }
  std::optional<At> before;
  std::int64_t place_before = 0;
  for (const auto& [place, holds] : places) {
    // An overlap does this; so does a write of a worker that overstayed, and one that the network delivered twice.
    findings.lost_updates += holds.size() - 1;
    std::optional<At> now;
    if (holds.size() == 1 && holds.front().hold->place_sure) now = holds.front();
    // Tokens of one host were compared by its clock already.
    const bool across = before && now && place == place_before + 1 && before->host != now->host;
    if (across && now->hold->token != 0 && now->hold->token < before->hold->token) ++findings.disordered_tokens;
    before = now;
    place_before = place;
  }
}

enum class Judgement { broken, innocent, unclear };

/// Whoever is met is either in the lock as well, which is a violation, or was forgotten at the gate: its lease ran out
/// while it was inside, it was killed there, or a request of it was executed twice.
class Witness {
 public:
  Witness(const std::vector<HostRecord>& records, bool all_hosts_reported) : everybody_valid_(all_hosts_reported) {
    for (const HostRecord& record : records) {
      for (const WorkerRecord& worker : record.workers) {
        workers_[{record.member.id, worker.number}] = &worker;
        const bool valid = is_certain(worker) && std::ranges::none_of(worker.holds, &Hold::overstayed);
        everybody_valid_ = everybody_valid_ && valid;
      }
    }
  }

  Judgement judge(const Meeting& met) const {
    if (!met.who) return everybody_valid_ ? Judgement::broken : Judgement::unclear;
    const auto found = workers_.find(*met.who);
    // A worker that has no record, or none of this hold, may have died in it.
    if (found == workers_.end() || met.hold >= found->second->holds.size()) return Judgement::unclear;
    const Hold& other = found->second->holds[met.hold];
    if (other.overstayed) return Judgement::innocent;
    return is_certain(*found->second) ? Judgement::broken : Judgement::unclear;
  }

 private:
  /// It was at the gate in its holds and at no other time.
  static bool is_certain(const WorkerRecord& worker) { return worker.finished && !worker.doubtful; }

  std::map<WorkerName, const WorkerRecord*> workers_;
  bool everybody_valid_;
};

void judge_meetings(const std::vector<HostRecord>& records, bool all_hosts_reported, Findings& findings) {
  const Witness witness(records, all_hosts_reported);
  for (const HostRecord& record : records) {
    for (const WorkerRecord& worker : record.workers) {
      for (const Hold& hold : worker.holds) {
        if (!hold.met) continue;
        const Judgement judgement = witness.judge(*hold.met);
        if (judgement == Judgement::broken) ++findings.meetings;
        if (judgement == Judgement::unclear) ++findings.unclear_meetings;
      }
    }
  }
}

Row row_of(const HostRecord& record, const WorkerRecord& worker, std::size_t all_holds) {
  Row row{record.member.host, worker.mount, worker.number, worker.holds.size(), 0, {}, worker.unserved, worker.trouble};
  for (const Hold& hold : worker.holds) {
    row.mean_wait += hold.waited;
    row.longest_wait = std::max(row.longest_wait, hold.waited);
  }
  if (row.holds > 0) {
    row.mean_wait /= static_cast<std::int64_t>(row.holds);
    row.share = static_cast<double>(row.holds) / static_cast<double>(all_holds);
  }
  return row;
}

double fairness_of(const std::vector<HostRecord>& records) {
  double sum = 0;
  double squares = 0;
  double workers = 0;
  for (const HostRecord& record : records) {
    for (const WorkerRecord& worker : record.workers) {
      const double seconds = std::chrono::duration<double>(worker.worked).count();
      const double rate = seconds > 0 ? static_cast<double>(worker.holds.size()) / seconds : 0;
      sum += rate;
      squares += rate * rate;
      ++workers;
    }
  }
  return squares > 0 ? sum * sum / (workers * squares) : 0;
}

}  // namespace

Findings analyse(const std::vector<HostRecord>& records, bool all_hosts_reported) {
  Findings findings;
  for (const HostRecord& record : records) {
    const Holds by_start = holds_by_start(record);
    findings.overlaps += count_overlaps(by_start);
    findings.disordered_tokens += count_disorder(by_start);
    for (const WorkerRecord& worker : record.workers) {
      findings.holds += worker.holds.size();
      findings.overstayed += static_cast<std::size_t>(std::ranges::count_if(worker.holds, &Hold::overstayed));
      findings.lost_early += static_cast<std::size_t>(std::ranges::count_if(worker.holds, &Hold::lost_early));
      if (!worker.finished || !worker.trouble.empty()) ++findings.troubles;
      findings.no_links = findings.no_links || worker.no_links;
    }
  }
  for (const HostRecord& record : records) {
    for (const WorkerRecord& worker : record.workers) findings.rows.push_back(row_of(record, worker, findings.holds));
  }
  findings.repeated_tokens = count_repeated(records);
  findings.fairness = fairness_of(records);
  judge_places(records, findings);
  judge_meetings(records, all_hosts_reported, findings);
  return findings;
}

}  // namespace leaselock::tool::verify
