#include "status_json.hpp"

#include <boost/json.hpp>

#include "leaselock/format_time.hpp"
#include "text.hpp"

namespace leaselock::tool {

namespace {

namespace json = boost::json;

json::array list_of(const std::vector<std::string>& names) {
  json::array list;
  for (const std::string& name : names) list.emplace_back(as_utf8(name));
  return list;
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(as_utf8(text)); }

template <class Number>
json::value number_or_null(const std::optional<Number>& number) {
  return number ? json::value(*number) : json::value();
}

/// The keys that a holder has in both places: of a lock it is the only one.
json::object object_of(const Holder& holder) {
  json::object object;
  object["host"] = text_or_null(holder.host);
  object["pid"] = holder.pid == 0 ? json::value() : json::value(holder.pid);
  object["claim"] = text_or_null(holder.claim);
  object["expires"] = holder.expires ? json::value(format_time_utc(*holder.expires)) : json::value();
  return object;
}

json::array list_of(const std::vector<Holder>& holders) {
  json::array list;
  for (const Holder& holder : holders) {
    json::object object = object_of(holder);
    object["token"] = number_or_null(holder.token);
    object["slot"] = number_or_null(holder.slot);
    object["shared"] = holder.shared;
    object["gone"] = holder.gone;
    list.push_back(std::move(object));
  }
  return list;
}

json::array list_of(const std::vector<Waiter>& queue) {
  json::array list;
  for (const Waiter& waiter : queue) {
    list.push_back(
        {{"host", text_or_null(waiter.host)}, {"pid", waiter.pid}, {"since", format_time_utc(waiter.since)}});
  }
  return list;
}

}  // namespace

json::object to_json(const LockStatus& status) {
  json::object object;
  object["lockfile"] = as_utf8(status.lockfile.string());
  object["kind"] = to_string(status.kind);
  object["slots"] = status.kind == LockKind::semaphore ? json::value(status.slots) : json::value();
  object["state"] = to_string(status.state);
  for (auto& [key, value] : object_of(status.holder.value_or(Holder()))) object[key] = std::move(value);
  object["token"] = number_or_null(status.token);
  object["holders"] = list_of(status.holders);
  object["queue"] = list_of(status.queue);
  object["waiters"] = list_of(status.waiters);
  object["leftovers"] = list_of(status.leftovers);
  object["problem"] = text_or_null(status.problem);
  return object;
}

}  // namespace leaselock::tool
