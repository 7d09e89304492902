#include <boost/json.hpp>

#include "text.hpp"
#include "verify/report.hpp"

namespace leaselock::tool::verify {

namespace {

namespace json = boost::json;

json::array json_list(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.emplace_back(as_utf8(text));
  return list;
}

json::value seconds(Duration length) { return std::chrono::duration<double>(length).count(); }

json::array json_workers(const std::vector<Row>& rows) {
  json::array list;
  for (const Row& row : rows) {
    list.push_back(json::object{{"host", as_utf8(row.host)},
                                {"mount", as_utf8(row.mount)},
                                {"worker", row.worker},
                                {"holds", row.holds},
                                {"share", row.share},
                                {"mean_wait", seconds(row.mean_wait)},
                                {"longest_wait", seconds(row.longest_wait)},
                                {"trouble", row.trouble.empty() ? json::value() : json::value(as_utf8(row.trouble))}});
  }
  return list;
}

json::array json_hosts(const Contest& contest) {
  json::array list;
  for (const Member& member : contest.members) {
    list.push_back(json::object{{"host", as_utf8(member.host)},
                                {"machine", as_utf8(member.machine)},
                                {"mounts", member.caches},
                                {"options", as_utf8(member.options)}});
  }
  return list;
}

}  // namespace

json::object as_json(const Contest& contest, const Findings& findings, const Verdict& verdict) {
  return {{"verdict", to_string(verdict.outcome)},
          {"reasons", json_list(verdict.reasons)},
          {"notes", json_list(verdict.notes)},
          {"directory", as_utf8(contest.directory)},
          {"hosts", json_hosts(contest)},
          {"reported", contest.records.size()},
          {"workers", json_workers(findings.rows)},
          {"holds", findings.holds},
          {"overlaps", findings.overlaps},
          {"meetings", findings.no_links ? json::value() : json::value(findings.meetings)},
          {"unclear_meetings", findings.unclear_meetings},
          {"repeated_tokens", findings.repeated_tokens},
          {"disordered_tokens", findings.disordered_tokens},
          {"lost_early", findings.lost_early},
          {"lost_updates", findings.lost_updates},
          {"overstayed", findings.overstayed},
          {"fairness", findings.fairness},
          {"shown", as_utf8(verdict.shown)},
          {"not_shown", as_utf8(verdict.not_shown)}};
}

}  // namespace leaselock::tool::verify
