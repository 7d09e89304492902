#include <fcntl.h>

#include <cerrno>
#include <chrono>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"

namespace leaselock::tool::doctor {

Facts probe(const std::string& directory, void (*progress)(const char* what)) {
  Facts facts;
  facts.directory = directory;
  progress("the mount");
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) throw std::system_error(errno, std::system_category(), "cannot look at " + directory);
  facts.mount = mount_of(opened.get());
  const InterruptWatch watch;
  const Scratch scratch(directory);
  facts.place = look_at_place(opened.get(), scratch);
  progress("names and links");
  facts.names = probe_names(scratch);
  progress("round trips");
  facts.speed = probe_speed(scratch, 30, std::chrono::seconds(5));
  progress("races");
  facts.names.race = probe_race(scratch, 200, std::chrono::seconds(2));
  progress("clocks");
  facts.touched_directory = probe_stamps(scratch, StampedBy::touched_directory);
  facts.touched_file = probe_stamps(scratch, StampedBy::touched_file);
  facts.changed_directory = probe_stamps(scratch, StampedBy::changed_directory);
  progress("locks");
  facts.trial = probe_trial(scratch, facts.local);
  if (facts.local) facts.record_locks = probe_record_locks(scratch);
  return facts;
}

}  // namespace leaselock::tool::doctor
