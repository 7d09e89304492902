#include "sightings.hpp"

#include <algorithm>

namespace leaselock::nfs {
namespace {

double us_between(Cycles from, Cycles to, double cycles_per_us) {
  return (static_cast<double>(to) - static_cast<double>(from)) / cycles_per_us;
}

}  // namespace

void Sightings::add(const Line& line) {
  if (line.name == "second") {
    if (line.event == "began") second_began_ = line.number("first");
    if (line.event == "gone") second_is_gone_ = true;
    return;
  }
  if (line.event == "began" && (first_began_ == 0 || line.number("first") < first_began_)) {
    first_began_ = line.number("first");
    parent_of_first_ = line.number("parent");
  }
  Process& process = first_[line.number("pid")];
  process.last = std::max(process.last, line.number(line.event == "began" ? "first" : "last"));
  process.seen = line.number("tsc");
  process.gone = line.event == "gone";
}

bool Sightings::first_is_gone() const {
  return first_began() && std::ranges::all_of(first_, [](const auto& entry) { return entry.second.gone; });
}

Cycles Sightings::latest(Cycles Process::*moment) const {
  Cycles result = 0;
  for (const auto& [pid, process] : first_) result = std::max(result, process.*moment);
  return result;
}

std::optional<double> Sightings::until_second(Cycles moment, double cycles_per_us) const {
  if (!first_began() || !second_began()) return std::nullopt;
  return us_between(moment, *second_began_, cycles_per_us);
}

std::optional<double> Sightings::margin_us(double cycles_per_us) const {
  return until_second(latest(&Process::last), cycles_per_us);
}

std::optional<double> Sightings::gone_margin_us(double cycles_per_us) const {
  return until_second(latest(&Process::seen), cycles_per_us);
}

std::optional<double> Sightings::us_before(Cycles moment, double cycles_per_us) const {
  if (!first_began()) return std::nullopt;
  return us_between(latest(&Process::last), moment, cycles_per_us);
}

}  // namespace leaselock::nfs
