#include <algorithm>
#include <boost/json.hpp>

#include "doctor/report.hpp"
#include "doctor/words.hpp"
#include "text.hpp"

namespace leaselock::tool::doctor {

namespace {

namespace json = boost::json;

json::value as_seconds(Duration length) { return static_cast<double>(length.count()) / 1e9; }
json::value as_seconds(const std::optional<Duration>& length) { return length ? as_seconds(*length) : json::value(); }
json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(as_utf8(text)); }

json::string word(Verdict verdict) {
  return verdict == Verdict::conditions ? "conditions" : to_string(verdict).c_str();
}

json::object mode(const Diagnosis& diagnosis, Verdict verdict, Verdict Finding::*effect) {
  json::array reasons;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.*effect != Verdict::yes) reasons.emplace_back(as_utf8(finding.subject + ": " + finding.text));
  }
  return {{"verdict", word(verdict)}, {"reasons", std::move(reasons)}};
}

json::object file_system(const Facts& facts) {
  json::array options;
  for (const std::string& option : facts.mount.options) options.emplace_back(as_utf8(option));
  return {{"type", text_or_null(facts.mount.type)},
          {"local", facts.local},
          {"nfs_version", text_or_null(facts.mount.nfs_version())},
          {"server", text_or_null(facts.mount.value("addr").value_or(""))},
          {"source", text_or_null(facts.mount.source)},
          {"mount_point", text_or_null(facts.mount.point)},
          {"options", std::move(options)}};
}

json::object clock(const Facts& facts) {
  const Stamps& stamps = facts.touched_directory;
  const bool known = stamps.step > Duration::zero();
  const auto offset_of = [](const Stamps& source) {
    return source.step > Duration::zero() ? as_seconds(source.offset()) : json::value();
  };
  return {{"offset", offset_of(stamps)},
          {"offset_error", known ? as_seconds(stamps.offset_error()) : json::value()},
          {"offset_of_files", offset_of(facts.touched_file)},
          {"offset_of_renames", offset_of(facts.changed_directory)},
          {"step", known ? as_seconds(stamps.step) : json::value()},
          {"backward", stamps.backward}};
}

json::object permissions(const Place& place) {
  return {{"owner", place.owner},
          {"group", place.group},
          {"mode", place.mode},
          {"we_are", place.our_user},
          {"made_as", place.made_as}};
}

json::object settings_of(const Settings& settings) {
  return {{"lifetime", as_seconds(settings.lifetime)},
          {"refresh", as_seconds(settings.refresh)},
          {"shortest_lifetime", as_seconds(settings.shortest_lifetime)},
          {"stamp_error", as_seconds(settings.stamp_error)},
          {"grace", as_seconds(settings.grace)},
          {"mirror", settings.mirror},
          {"trust_server_clock", settings.trust_server_clock}};
}

json::array findings_of(const Diagnosis& diagnosis) {
  json::array list;
  for (const Finding& finding : diagnosis.findings) {
    list.emplace_back(json::object{{"subject", finding.subject},
                                   {"text", as_utf8(finding.text)},
                                   {"advice", text_or_null(finding.advice)},
                                   {"fenced", word(finding.fenced)},
                                   {"compat", word(finding.compat)},
                                   {"fast_path", word(finding.fast_path)}});
  }
  return list;
}

}  // namespace

std::string json_report(const Facts& facts, const Diagnosis& diagnosis) {
  json::object report;
  report["directory"] = as_utf8(facts.directory);
  report["fenced"] = mode(diagnosis, diagnosis.fenced, &Finding::fenced);
  report["compat"] = mode(diagnosis, diagnosis.compat, &Finding::compat);
  report["fast_path"] = mode(diagnosis, diagnosis.fast_path, &Finding::fast_path);
  report["file_system"] = file_system(facts);
  report["clock"] = clock(facts);
  report["round_trip"] = json::object{{"median", as_seconds(facts.speed.median)},
                                      {"worst", as_seconds(facts.speed.worst)},
                                      {"requests", facts.speed.requests}};
  report["space"] =
      json::object{{"free_bytes", facts.place.free_bytes},
                   {"free_inodes", facts.place.all_inodes > 0 ? json::value(facts.place.free_inodes) : json::value()}};
  report["permissions"] = permissions(facts.place);
  report["recommended"] = settings_of(diagnosis.settings);
  report["findings"] = findings_of(diagnosis);
  report["unproven"] = json::array(diagnosis.unproven.begin(), diagnosis.unproven.end());
  return json::serialize(report);
}

}  // namespace leaselock::tool::doctor
