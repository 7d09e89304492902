#include "doctor/mount.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace leaselock::tool::doctor {

namespace {

/// The kernel writes blanks and backslashes in paths as three octal digits.
std::string unescaped(std::string_view text) {
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '\\' && i + 3 < text.size() && octal(text[i + 1]) && octal(text[i + 2]) && octal(text[i + 3]);
    if (!escape) {
      result += text[i];
      continue;
    }
    result += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return result;
}

void add_options(const std::string& list, std::vector<std::string>& options) {
  std::istringstream stream(list);
  for (std::string option; std::getline(stream, option, ',');) {
    if (std::find(options.begin(), options.end(), option) == options.end()) options.push_back(option);
  }
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// /proc/self/fdinfo names the mount of an open file on every kernel since 3.15.
int mount_id(int directory) {
  std::istringstream stream(contents("/proc/self/fdinfo/" + std::to_string(directory)));
  for (std::string word; stream >> word;) {
    int id = 0;
    if (word == "mnt_id:" && stream >> id) return id;
  }
  return -1;
}

}  // namespace

bool Mount::has(std::string_view option) const {
  return std::find(options.begin(), options.end(), option) != options.end();
}

std::optional<std::string> Mount::value(std::string_view key) const {
  for (const std::string& option : options) {
    if (option.starts_with(key) && option.size() > key.size() && option[key.size()] == '=') {
      return option.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

std::string Mount::nfs_version() const { return is_nfs() ? value("vers").value_or("") : ""; }

Mount parse_mount(std::string_view mountinfo, int id) {
  std::istringstream stream{std::string(mountinfo)};
  for (std::string line; std::getline(stream, line);) {
    std::istringstream fields(line);
    int found = 0;
    std::string skipped;
    std::string point;
    std::string mount_options;
    if (!(fields >> found >> skipped >> skipped >> skipped >> point >> mount_options) || found != id) continue;
    while (skipped != "-" && fields >> skipped) {
    }
    Mount mount;
    std::string super_options;
    if (!(fields >> mount.type >> mount.source)) continue;
    fields >> super_options;
    mount.source = unescaped(mount.source);
    mount.point = unescaped(point);
    add_options(mount_options, mount.options);
    add_options(super_options, mount.options);
    return mount;
  }
  return {};
}

Mount mount_of(int directory) { return parse_mount(contents("/proc/self/mountinfo"), mount_id(directory)); }

}  // namespace leaselock::tool::doctor
