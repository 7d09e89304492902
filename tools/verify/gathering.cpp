#include "verify/gathering.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <thread>
#include <tuple>

#include "doctor/interrupt.hpp"
#include "message.hpp"
#include "verify/record_json.hpp"

namespace leaselock::tool::verify {

namespace {

constexpr std::chrono::milliseconds between_looks{250};
/// A host that has not been heard of for so long while it should wait was killed.
constexpr std::chrono::seconds silence_of_the_dead{20};
constexpr const char* start_name = "start";

void pause() {
  doctor::InterruptWatch::check();
  std::this_thread::sleep_for(between_looks);
  doctor::InterruptWatch::check();
}

/// Hosts that call themselves the same get numbers, the same on each of them.
void tell_apart(std::vector<Member>& members) {
  std::map<std::string, std::size_t> namesakes;
  for (const Member& member : members) ++namesakes[member.host];
  std::map<std::string, std::size_t> seen;
  for (Member& member : members) {
    if (namesakes[member.host] > 1) member.host += " (" + std::to_string(++seen[member.host]) + ")";
  }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

void Gathering::introduce(Member self) {
  self_ = std::move(self);
  scratch_.make_doors(self_.id, self_.workers);
  scratch_.write("member." + self_.id, boost::json::serialize(to_json(self_)));
}

Gathering::~Gathering() {
  try {
    leave();
  } catch (const std::exception& error) {  // the directory is gone, or the server does not answer any more
    say(std::string("left without clearing up: ") + error.what());
  }
}

bool Gathering::has_begun() {
  if (!members_.empty()) return true;
  if (!contains(scratch_.names(), start_name)) return false;
  const std::optional<std::string> text = scratch_.read_first(start_name);
  std::vector<Member> members = (text ? parse_members(*text) : std::nullopt).value_or(std::vector<Member>());
  if (std::ranges::find(members, self_.id, &Member::id) == members.end()) {
    throw NotNow(scratch_.path() +
                 ": a run of this name has begun without this host, or one that was killed left it behind; choose "
                 "another name, or remove that directory when no run uses it");
  }
  tell_apart(members);
  members_ = std::move(members);
  return true;
}

std::vector<Member> Gathering::present() const {
  std::vector<Member> members;
  const std::vector<std::string> names = scratch_.names();
  const std::int64_t now = scratch_.last_listed();
  for (const std::string& name : names) {
    if (!name.starts_with("member.")) continue;
    // Who waits touches its file again and again; both times are the server's.
    const std::optional<std::int64_t> seen = scratch_.touched(name);
    if (!seen || *seen + silence_of_the_dead.count() < now) continue;
    const std::optional<std::string> text = scratch_.read(name);
    std::optional<Member> member = text ? parse_member(*text) : std::nullopt;
    if (member && name == "member." + member->id) members.push_back(std::move(*member));
  }
  std::ranges::sort(members,
                    [](const Member& a, const Member& b) { return std::tie(a.host, a.id) < std::tie(b.host, b.id); });
  return members;
}

std::vector<Member> Gathering::meet(std::size_t hosts, LeaseTime deadline, const Progress& progress) {
  while (true) {
    if (has_begun()) return members_;
    scratch_.touch("member." + self_.id);
    const std::vector<Member> here = present();
    progress(here.size());
    if (here.size() >= hosts) {
      scratch_.write_first(start_name, self_.id, boost::json::serialize(to_json(here)));
    } else if (LeaseClock::now() >= deadline) {
      return {};
    }
    pause();
  }
}

void Gathering::publish(const HostRecord& record) {
  scratch_.write("record." + self_.id, boost::json::serialize(to_json(record)));
  published_ = true;
}

std::optional<HostRecord> Gathering::record_of(const Member& member) const {
  const std::optional<std::string> text = scratch_.read("record." + member.id);
  std::optional<HostRecord> record = text ? parse_host_record(*text) : std::nullopt;
  const bool complete = record && (record->interrupted || record->workers.size() == member.workers);
  if (!complete || record->member.id != member.id) return std::nullopt;
  record->member = member;
  return record;
}

std::vector<HostRecord> Gathering::collect(LeaseTime began, const Progress& progress) {
  std::map<std::string, HostRecord> found;
  while (true) {
    const std::vector<std::string> names = scratch_.names();
    missing_.clear();
    bool worth_waiting = false;
    for (const Member& member : members_) {
      if (found.contains(member.id)) continue;
      std::optional<HostRecord> record;
      if (contains(names, "record." + member.id)) record = record_of(member);
      if (record) {
        found.emplace(member.id, std::move(*record));
      } else {
        missing_.push_back(member.id);
        worth_waiting = worth_waiting || LeaseClock::now() < began + member.patience;
      }
    }
    progress(found.size());
    if (!worth_waiting) break;
    pause();
  }
  std::vector<HostRecord> records;
  for (const Member& member : members_) {
    const auto record = found.find(member.id);
    if (record != found.end()) records.push_back(std::move(record->second));
  }
  return records;
}

void Gathering::leave() {
  bool begun = false;
  try {
    begun = has_begun();  // perhaps while we were being interrupted
  } catch (const NotNow&) {
  }
  if (!begun) {
    if (!self_.id.empty()) scratch_.forget("member." + self_.id);
    if (present().empty()) scratch_.remove();
    return;
  }
  if (!published_) {
    HostRecord record{self_, true, {}};
    record.member.workers = 0;
    publish(record);
  }
  scratch_.write("done." + self_.id, "");
  const std::vector<std::string> names = scratch_.names();
  const bool last = std::ranges::all_of(members_, [&](const Member& member) {
    return contains(names, "done." + member.id) || contains(missing_, member.id);
  });
  if (last && !scratch_.remove()) say("could not be removed, please do: " + scratch_.path());
}

}  // namespace leaselock::tool::verify
