// What the kernel tells in text, with names in it that others chose: /proc/PID/stat and /proc/self/mountinfo.
#include "doctor/mount.hpp"
#include "posix/process_facts.hpp"
#include "support.hpp"

namespace leaselock::fuzz {
namespace {

void check_stat(const std::string& text) {
  const auto stat = posix::parse_stat(text);
  if (!stat) return;
  // Whatever a program calls itself, the fields behind its name are the kernel's.
  const std::string renamed = "1 (a) b (c) " + text.substr(text.rfind(')'));
  const auto again = posix::parse_stat(renamed);
  require(again && again->start == stat->start && again->state == stat->state && again->threads == stat->threads,
          "a name changes nothing", text);
}

void check_mount(std::string_view text) {
  for (const int id : {-1, 0, 1, 25, 36}) {
    const tool::doctor::Mount mount = tool::doctor::parse_mount(text, id);
    for (const std::string& option : mount.options) {
      require(option.find_first_of(",\n") == option.npos && mount.has(option), "options are words", text);
    }
    require(mount.is_nfs() || mount.nfs_version().empty(), "only NFS has its versions", text);
  }
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  leaselock::fuzz::check_stat(std::string(text));
  leaselock::fuzz::check_mount(text);
  return 0;
}
