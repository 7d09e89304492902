#include "protocol/step.hpp"

namespace leaselock::protocol {
namespace {

struct Printer {
  static std::string count(LeaseTime time) { return std::to_string(time.time_since_epoch().count()); }
  static std::string at(Place place, const std::string& name) {
    return to_string(place) + (name.empty() ? "" : "/" + name);
  }

  std::string operator()(const step::OpenLockDirectory& /*s*/) const { return "open lock_directory"; }
  std::string operator()(const step::OpenDirectory& s) const { return "open " + to_string(s.as) + " = " + s.name; }
  std::string operator()(const step::Look& s) const { return (s.force ? "look! " : "look ") + at(s.place, s.name); }
  std::string operator()(const step::List& s) const { return "list " + to_string(s.place); }
  std::string operator()(const step::MakeDirectory& s) const { return "mkdir " + at(s.place, s.name); }
  std::string operator()(const step::RemoveDirectory& s) const { return "rmdir " + at(s.place, s.name); }
  std::string operator()(const step::CreateFile& s) const {
    return "create " + at(s.place, s.name) + " (" + std::to_string(s.contents.size()) + " bytes)";
  }
  std::string operator()(const step::Read& s) const { return "read " + at(s.place, s.name); }
  std::string operator()(const step::Touch& s) const {
    return "touch " + at(s.place, s.name) +
           (s.time ? " = " + std::to_string(s.time->time_since_epoch().count()) : " = now");
  }
  std::string operator()(const step::Link& s) const { return "link " + at(s.place, s.from) + " -> " + s.to; }
  std::string operator()(const step::Rename& s) const { return "rename " + at(s.place, s.from) + " -> " + s.to; }
  std::string operator()(const step::Unlink& s) const { return "unlink " + at(s.place, s.name); }
  std::string operator()(const step::ProbeProcess& s) const { return "probe process " + std::to_string(s.pid); }
  std::string operator()(const step::EnterGate& s) const { return "enter " + s.name + " by " + count(s.until); }
  std::string operator()(const step::LeaveGate& /*s*/) const { return "leave gate"; }
  std::string operator()(const step::Watch& s) const { return "watch " + to_string(s.place); }
  std::string operator()(const step::WaitUntil& s) const {
    return "wait until " + count(s.until) + (s.watching ? " or a change" : "") +
           (s.process ? " or the end of process " + std::to_string(s.process->pid) : "");
  }
};

}  // namespace

std::string to_string(const Step& step) { return std::visit(Printer{}, step); }

std::string to_string(Place place) {
  switch (place) {
    case Place::lock_directory:
      return "lock_directory";
    case Place::fence:
      return "fence";
    case Place::boot:
      return "boot";
  }
  return {};
}

}  // namespace leaselock::protocol
