#include "doctor/judge.hpp"

#include <algorithm>

namespace leaselock::tool::doctor {

namespace {

std::vector<std::string> unproven_here(const Facts& facts) {
  if (facts.local) return {"whether this directory is exported: hosts that mount it need their own `leaselock doctor`"};
  std::vector<std::string> list{
      "that two hosts exclude each other: run `leaselock verify --join NAME DIR` on both at once",
      "the clocks of other hosts, and that the server's clock is never set while it runs"};
  if (facts.mount.is_nfs()) {
    list.push_back("that the export is `sync`: look at `exportfs -v` on the server, or its documentation");
  }
  return list;
}

}  // namespace

Diagnosis judge(const Facts& facts) {
  Diagnosis result;
  judge_mount(facts, result.findings);
  judge_names(facts, result.findings);
  judge_clock(facts, result.findings);
  judge_use(facts, result.findings);
  for (const Finding& finding : result.findings) {
    result.fenced = std::max(result.fenced, finding.fenced);
    result.compat = std::max(result.compat, finding.compat);
    result.fast_path = std::max(result.fast_path, finding.fast_path);
  }
  result.settings = recommend(facts);
  result.unproven = unproven_here(facts);
  return result;
}

}  // namespace leaselock::tool::doctor
