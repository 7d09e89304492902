#include "planted_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <fstream>
#include <iterator>

#include "support.hpp"

namespace leaselock::fuzz {

namespace fs = boost::filesystem;

namespace {

constexpr const char* precious = "precious";
constexpr timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
constexpr std::size_t most_lines = 40;

int digit(char c) {
  const auto at = std::string_view("0123456789abcdef").find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// The name that a line means; at most as long as a name can be.
std::string name_of(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x' && digit(text[i + 2]) >= 0 &&
                        digit(text[i + 3]) >= 0;
    if (escape) {
      name += static_cast<char>(digit(text[i + 2]) * 16 + digit(text[i + 3]));
      i += 3;
    } else if (text[i] == '@') {
      name += "0123456789abcdef.4711.0123456789abcdef0123456789abcdef";
    } else if (text[i] == '%') {
      name += "host|4711|0123456789abcdef.4711.0123456789abcdef0123456789abcdef";
    } else {
      name += text[i];
    }
  }
  std::erase_if(name, [](char c) { return c == '/' || c == '\0'; });
  if (name == "." || name == "..") return "dots";
  return name.substr(0, 255);
}

}  // namespace

PlantedDirectory::PlantedDirectory() {
  const bool memory = ::access("/dev/shm", W_OK) == 0;
  root_ = (memory ? fs::path("/dev/shm") : fs::temp_directory_path()) / fs::unique_path("leaselock-fuzz-%%%%%%%%");
  place_ = root_ / "place";
  outside_ = root_ / "outside";
  fs::create_directory(root_);
}

PlantedDirectory::~PlantedDirectory() {
  boost::system::error_code ignored;
  fs::remove_all(root_, ignored);
}

void PlantedDirectory::plant(std::string_view lines) {
  fs::remove_all(place_);
  fs::remove(outside_);
  fs::create_directory(place_);
  std::ofstream(outside_.string()) << precious;
  ::utimensat(AT_FDCWD, outside_.c_str(), long_ago, 0);
  last_directory_.clear();
  last_file_.clear();
  for (std::size_t made = 0; made < most_lines && !lines.empty(); ++made) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.size() < 2) continue;
    const auto tab = std::min(line.find('\t'), line.size());
    make(line[0], name_of(line.substr(1, tab - 1)), std::string(line.substr(std::min(tab + 1, line.size()))));
  }
}

void PlantedDirectory::make(char kind, const std::string& name, const std::string& contents) {
  if (name.empty()) return;
  const bool inside = kind == 'i' && !last_directory_.empty();
  const fs::path path = (inside ? last_directory_ : place_) / name;
  boost::system::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) return;
  switch (kind) {
    case 'd':
      if (fs::create_directory(path, error)) last_directory_ = path;
      return;
    case 'l':
      fs::create_symlink(outside_, path, error);
      return;
    case 'h':
      fs::create_hard_link(outside_, path, error);
      return;
    case 'u':
      if (!last_file_.empty()) fs::create_hard_link(last_file_, path, error);
      return;
    case 'p':
      ::mkfifo(path.c_str(), 0666);
      return;
    default:
      std::ofstream(path.string()) << contents;
      if (kind == 's') fs::resize_file(path, std::uintmax_t{1} << 30U, error);
      if (kind == 'o') ::utimensat(AT_FDCWD, path.c_str(), long_ago, 0);
      if (!inside) last_file_ = path;
  }
}

std::vector<std::string> PlantedDirectory::state() const {
  std::vector<std::string> all;
  for (fs::recursive_directory_iterator entry(place_), end; entry != end; ++entry) {
    struct stat facts {};
    if (::lstat(entry->path().c_str(), &facts) != 0) continue;
    std::string one = entry->path().string() + ' ' + std::to_string(facts.st_mode);
    // A directory's times are set where its listing is doubted (protocol.md 5.1).
    if (!S_ISDIR(facts.st_mode)) {
      one += ' ' + std::to_string(facts.st_size) + ' ' + std::to_string(facts.st_mtim.tv_sec) + '.' +
             std::to_string(facts.st_mtim.tv_nsec);
    }
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end());
  return all;
}

void PlantedDirectory::require_untouched() const {
  struct stat facts {};
  require(::lstat(outside_.c_str(), &facts) == 0, "the file outside is there");
  std::ifstream file(outside_.string());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  require(text == precious && facts.st_mtim.tv_sec == long_ago[0].tv_sec, "and was not touched");
}

}  // namespace leaselock::fuzz
