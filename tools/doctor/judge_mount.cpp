#include "doctor/file_systems.hpp"
#include "doctor/judge.hpp"

namespace leaselock::tool::doctor {

namespace {

Finding of_local(const Mount& mount) {
  Finding finding{"file system", mount.type + " on " + mount.point + ", kept by this machine's kernel", ""};
  return finding;
}

Finding of_nfs(const Mount& mount) {
  const std::string version = mount.nfs_version();
  Finding finding{"file system", known_file_system(mount).name + " from " + mount.source + " on " + mount.point, ""};
  const KnownFileSystem service = known_service(mount);
  if (!service.name.empty()) finding.text += "; " + service.name + ", not measured by us (" + service.remark + ")";
  finding.fast_path = Verdict::no;
  return finding;
}

Finding of_others(const Mount& mount) {
  const KnownFileSystem known = known_file_system(mount);
  Finding finding{"file system", known.name + " on " + mount.point + ": not tested by us", ""};
  if (!known.remark.empty()) finding.text += "; " + known.remark;
  finding.advice = "use `leaselock verify` on two hosts before you rely on it; prefer NFS where you can choose";
  finding.fenced = finding.compat = Verdict::conditions;
  finding.fast_path = Verdict::no;
  if (!known.renames_atomically) {
    finding.advice = "keep no lock here";
    finding.fenced = finding.compat = Verdict::no;
  }
  return finding;
}

/// flufl.lock's rules need what no lock file can give (guarantees.md).
Finding of_compat(const Mount& mount) {
  const std::string version = mount.nfs_version();
  Finding finding{"compat", "has flufl.lock's guarantee only, and needs the wall clocks of all hosts within 10 s", ""};
  if (version == "3" || version == "4.0") {
    finding.text += "; NFS " + version + " may execute a removal twice";
  }
  finding.compat = Verdict::conditions;
  return finding;
}

void judge_nfs_options(const Mount& mount, std::vector<Finding>& findings) {
  const auto note = [&findings](const std::string& text, const std::string& advice) {
    findings.push_back({"mount option", text, advice});
  };
  if (mount.has("soft") || mount.has("softerr")) {
    note("soft: a request may fail although the server executes it later",
         "leaselock allows for that and reports the error; mount it `hard` to wait instead");
  }
  if (mount.has("nolock") || mount.value("local_lock").value_or("none") != "none") {
    note("file locks stay on this host (nolock or local_lock): flock and fcntl exclude nobody elsewhere",
         "leaselock uses no such locks, so it is not touched by this; other programs are");
  }
  if (mount.has("noac")) {
    note("noac: every look asks the server", "leaselock asks where it matters; without `noac` it needs fewer requests");
  }
  if (mount.value("lookupcache").value_or("all") == "none") {
    note("lookupcache=none: every name is looked up on the server", "correct, but slower; leaselock does not need it");
  }
  if (const auto least = mount.value("acdirmin"); least && !mount.has("noac")) {
    note("directory attributes are cached for at least " + *least + " s", "");
  }
}

}  // namespace

void judge_mount(const Facts& facts, std::vector<Finding>& findings) {
  const Mount& mount = facts.mount;
  if (facts.local) {
    findings.push_back(of_local(mount));
    return;
  }
  findings.push_back(mount.is_nfs() ? of_nfs(mount) : of_others(mount));
  findings.push_back(of_compat(mount));
  if (mount.is_nfs()) judge_nfs_options(mount, findings);
}

}  // namespace leaselock::tool::doctor
