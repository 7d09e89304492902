#include "mount_counters.hpp"

#include <boost/filesystem/path.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "line.hpp"

namespace leaselock::nfs {
namespace {

bool is_within(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder || path.starts_with(folder + '/');
}

// The kernel writes spaces and the like in paths as three octal digits.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

Counters counters_in(std::istream& mountstats, const std::string& path) {
  Counters counters;
  std::string best;
  bool wanted = false;
  for (std::string line; std::getline(mountstats, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "device") {  // device SERVER:/EXPORT mounted on FOLDER with fstype nfs4 statvers=1.1
      std::string skipped, folder, type;
      words >> skipped >> skipped >> skipped >> folder >> skipped >> skipped >> type;
      folder = unescaped(folder);
      wanted = is_within(path, folder) && folder.size() >= best.size();
      if (wanted) {
        best = folder;
        counters.clear();
      }
    } else if (wanted && first.size() > 1 && first.back() == ':' && line.starts_with('\t')) {
      std::uint64_t calls = 0;
      first.pop_back();
      // Other lines of this form, such as "opts:", have no number or lower-case names.
      if (words >> calls && first.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos)
        counters[first] = calls;
    }
  }
  return counters;
}

Counters counters_of(const std::string& path) {
  std::ifstream mountstats("/proc/self/mountstats");
  if (!mountstats) throw std::runtime_error("cannot read /proc/self/mountstats");
  return counters_in(mountstats, boost::filesystem::path(path).lexically_normal().string());
}

Counters difference(const Counters& before, const Counters& after) {
  Counters happened;
  for (const auto& [operation, calls] : after) {
    const auto found = before.find(operation);
    const std::uint64_t earlier = found == before.end() ? 0 : found->second;
    if (calls > earlier) happened[operation] = calls - earlier;
  }
  return happened;
}

void say_counters(const std::string& name, const Counters& counters) {
  EventLine line("ops", name);
  for (const auto& [operation, calls] : counters) line.with(operation, calls);
  line.say();
}

}  // namespace leaselock::nfs
