#include "verify/record_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "text.hpp"

namespace leaselock::tool::verify {

namespace {

namespace json = boost::json;

constexpr int format = 1;
constexpr std::size_t most_members = 256;
constexpr std::size_t most_workers = 1024;
constexpr std::size_t longest_text = 4096;

[[noreturn]] void refuse(const char* what) { throw std::invalid_argument(what); }

json::value json_time(LeaseTime time) { return time.time_since_epoch().count(); }

template <class Number>
Number number(const json::value& value) {
  const auto result = value.to_number<Number>();
  if (result < 0) refuse("negative");
  return result;
}

Duration length(const json::value& value) { return Duration(number<std::int64_t>(value)); }
LeaseTime time(const json::value& value) { return LeaseTime(length(value)); }

std::string text(const json::value& value) {
  const json::string& found = value.as_string();
  if (found.size() > longest_text) refuse("long text");
  return {found.begin(), found.end()};
}

std::string host_id(const json::value& value) {
  std::string id = text(value);
  if (!is_host_id(id)) refuse("host id");
  return id;
}

json::value json_meeting(const std::optional<Meeting>& met) {
  if (!met) return nullptr;
  if (!met->who) return json::array();
  return json::array{met->who->host, met->who->number, met->hold};
}

std::optional<Meeting> meeting(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  const json::array& found = value.as_array();
  if (found.empty()) return Meeting{};
  return Meeting{WorkerName{host_id(found.at(0)), number<unsigned>(found.at(1))},
                 found.at(2).to_number<std::uint64_t>()};
}

Hold hold(const json::value& value) {
  const json::array& found = value.as_array();
  if (found.size() != 9) refuse("hold");
  Hold result;
  result.waited = length(found[0]);
  if (!found[1].is_null()) result.sure = Span{time(found[1]), time(found[2])};
  result.token = found[3].to_number<FencingToken>();
  result.place = number<std::int64_t>(found[4]);
  result.place_sure = found[5].as_bool();
  result.overstayed = found[6].as_bool();
  result.lost_early = found[7].as_bool();
  result.met = meeting(found[8]);
  return result;
}

void read_worker(const json::value& value, WorkerRecord& worker) {
  const json::object& found = value.as_object();
  worker.number = number<unsigned>(found.at("number"));
  worker.mount = text(found.at("mount"));
  worker.worked = length(found.at("worked"));
  worker.unserved = length(found.at("unserved"));
  worker.no_links = found.at("no_links").as_bool();
  worker.doubtful = found.at("doubtful").as_bool();
  worker.finished = found.at("finished").as_bool();
  worker.trouble = text(found.at("trouble"));
  worker.status = number<int>(found.at("status"));
}

Member member(const json::value& value) {
  const json::object& found = value.as_object();
  if (number<int>(found.at("leaselock_verify")) != format) refuse("format");
  Member result;
  result.id = host_id(found.at("id"));
  result.host = text(found.at("host"));
  result.machine = text(found.at("machine"));
  result.workers = number<unsigned>(found.at("workers"));
  result.caches = number<unsigned>(found.at("caches"));
  result.options = text(found.at("options"));
  result.patience = length(found.at("patience"));
  if (result.workers > most_workers || result.patience > std::chrono::hours(24 * 365)) refuse("out of range");
  return result;
}

std::vector<Member> members(const json::value& value) {
  std::vector<Member> result;
  for (const json::value& one : value.as_array()) result.push_back(member(one));
  if (result.size() > most_members) refuse("too many members");
  return result;
}

HostRecord host_record(const json::value& value) {
  const json::object& found = value.as_object();
  HostRecord record;
  record.member = member(found.at("member"));
  record.interrupted = found.at("interrupted").as_bool();
  for (const json::value& one : found.at("workers").as_array()) {
    WorkerRecord& worker = record.workers.emplace_back();
    read_worker(one.at("end"), worker);
    for (const json::value& line : one.at("holds").as_array()) worker.holds.push_back(hold(line));
  }
  if (record.workers.size() != record.member.workers) refuse("workers");
  return record;
}

template <class Value>
std::optional<Value> parse_with(std::string_view text, Value (*read)(const json::value&)) {
  try {
    return read(json::parse(text));
  } catch (const std::exception&) {  // JSON that is none, another kind, a missing key, a number out of range
    return std::nullopt;
  }
}

}  // namespace

bool is_host_id(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

json::value to_json(const Hold& hold) {
  return json::array{hold.waited.count(),
                     hold.sure ? json_time(hold.sure->from) : json::value(),
                     hold.sure ? json_time(hold.sure->until) : json::value(),
                     hold.token,
                     hold.place,
                     hold.place_sure,
                     hold.overstayed,
                     hold.lost_early,
                     json_meeting(hold.met)};
}

json::value to_json(const WorkerRecord& worker) {
  return json::object{{"number", worker.number},         {"mount", as_utf8(worker.mount)},
                      {"worked", worker.worked.count()}, {"unserved", worker.unserved.count()},
                      {"no_links", worker.no_links},     {"doubtful", worker.doubtful},
                      {"finished", worker.finished},     {"trouble", as_utf8(worker.trouble)},
                      {"status", worker.status}};
}

json::value to_json(const Member& member) {
  return json::object{{"leaselock_verify", format},         {"id", member.id},
                      {"host", as_utf8(member.host)},       {"machine", as_utf8(member.machine)},
                      {"workers", member.workers},          {"caches", member.caches},
                      {"options", as_utf8(member.options)}, {"patience", member.patience.count()}};
}

json::value to_json(const std::vector<Member>& members) {
  json::array list;
  for (const Member& one : members) list.push_back(to_json(one));
  return list;
}

json::value to_json(const HostRecord& record) {
  json::array workers;
  for (const WorkerRecord& worker : record.workers) {
    json::array holds;
    for (const Hold& one : worker.holds) holds.push_back(to_json(one));
    workers.push_back(json::object{{"end", to_json(worker)}, {"holds", std::move(holds)}});
  }
  return json::object{
      {"member", to_json(record.member)}, {"interrupted", record.interrupted}, {"workers", std::move(workers)}};
}

bool add_line(std::string_view line, WorkerRecord& worker) {
  try {
    const json::value value = json::parse(line);
    if (value.is_array()) {
      worker.holds.push_back(hold(value));
    } else {
      read_worker(value, worker);
    }
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::optional<Member> parse_member(std::string_view text) { return parse_with(text, member); }
std::optional<std::vector<Member>> parse_members(std::string_view text) { return parse_with(text, members); }
std::optional<HostRecord> parse_host_record(std::string_view text) { return parse_with(text, host_record); }

}  // namespace leaselock::tool::verify
