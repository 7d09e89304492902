#include "to_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "record/cycles.hpp"

namespace leaselock::nfs {
namespace {

namespace json = boost::json;

}  // namespace

std::string to_json(const BatchRecord& record, const std::string& title) {
  const Cycles begin = record.runs().empty() ? 0 : record.runs().front().first;
  const auto seconds = [begin](Cycles at) {
    return (static_cast<double>(at) - static_cast<double>(begin)) / cycles_per_us() / 1e6;
  };
  json::array runs;
  for (const JobRun& run : record.runs()) {
    json::object object = {{"job", run.job},           {"host", run.host},          {"begin", seconds(run.first)},
                           {"end", seconds(run.last)}, {"how", to_string(run.end)}, {"once", is_once(run.attempt)}};
    object["slot"] = run.slot ? json::value(*run.slot) : json::value();
    runs.push_back(std::move(object));
  }
  json::array marks;
  for (const Mark& mark : record.marks()) {
    marks.push_back(json::object{{"at", seconds(mark.at)}, {"host", mark.host}, {"what", mark.what}});
  }
  return json::serialize(json::object{{"title", title},
                                      {"runs", std::move(runs)},
                                      {"marks", std::move(marks)},
                                      {"done", record.done()},
                                      {"lost", record.reported()},
                                      {"at_once", record.most_at_once()}});
}

}  // namespace leaselock::nfs
