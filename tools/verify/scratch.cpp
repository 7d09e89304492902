#include "verify/scratch.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <thread>

#include "verify/gate.hpp"
#include "verify/record_json.hpp"

namespace leaselock::tool::verify {

namespace fs = boost::filesystem;

namespace {

constexpr const char* list_name = "list";
constexpr std::size_t longest_file = std::size_t{256} << 20;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::system_category(), what); }

void make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) fail("cannot make " + path);
}

/// The file is on the server, complete, when this returns.
void write_new_file(int directory, const std::string& name, std::string_view text) {
  Descriptor file(::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.valid()) fail("cannot make " + name);
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno != EINTR) fail("cannot write " + name);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 || file.close() != 0) fail("cannot write " + name);
}

std::optional<std::string> read_file(int directory, const std::string& name) {
  const Descriptor file(::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found {};
  if (!file.valid() || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  std::string text;
  std::array<char, 65536> buffer{};
  while (text.size() < longest_file) {
    const ssize_t length = ::read(file.get(), buffer.data(), buffer.size());
    if (length == 0) return text;
    if (length < 0 && errno != EINTR) return std::nullopt;
    if (length > 0) text.append(buffer.data(), static_cast<std::size_t>(length));
  }
  return std::nullopt;
}

/// A name that a run gives: "record.0123456789abcdef".
bool is_file_of_a_run(std::string_view name) {
  constexpr std::array<std::string_view, 4> kinds{"member", "record", "done", "new"};
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && is_host_id(name.substr(dot + 1)) &&
         std::ranges::find(kinds, name.substr(0, dot)) != kinds.end();
}

bool is_directory_of_a_run(std::string_view name) {
  return name == Scratch::contest || name == "start" || (name.starts_with("start.") && is_host_id(name.substr(6)));
}

}  // namespace

Scratch::Scratch(const std::string& directory, const std::string& name) : path_(directory + "/" + name) {
  make_directory(path_);
  handle_ = open_directory(path_);
  const std::string inner = path_ + "/" + contest;
  for (const std::string& one :
       {inner, inner + "/" + gate_name, inner + "/" + doors_name, inner + "/" + counter_name}) {
    make_directory(one);
  }
}

void Scratch::make_doors(const std::string& host_id, unsigned workers) const {
  const Descriptor doors = open_directory(path_ + "/" + contest + "/" + doors_name);
  for (unsigned number = 1; number <= workers; ++number) write_new_file(doors.get(), door_of({host_id, number}), "");
}

void Scratch::write(const std::string& name, const std::string& text) const {
  const std::string draft = "new." + name.substr(name.find('.') + 1);
  write_new_file(handle_.get(), draft, text);
  if (::renameat(handle_.get(), draft.c_str(), handle_.get(), name.c_str()) != 0) fail("cannot make " + name);
}

void Scratch::write_first(const std::string& name, const std::string& host_id, const std::string& text) const {
  const std::string draft = name + "." + host_id;
  make_directory(path_ + "/" + draft);
  const Descriptor directory = open_directory(path_ + "/" + draft);
  write_new_file(directory.get(), list_name, text);
  if (::renameat(handle_.get(), draft.c_str(), handle_.get(), name.c_str()) == 0) return;
  // Somebody else was first, or it was us and the reply got lost: what stands under the public name counts.
  const int error = errno;
  ::unlinkat(directory.get(), list_name, 0);
  ::unlinkat(handle_.get(), draft.c_str(), AT_REMOVEDIR);
  if (error == EEXIST || error == ENOTEMPTY || error == ENOENT) return;
  throw std::system_error(error, std::system_category(), "cannot make " + name);
}

std::optional<std::string> Scratch::read(const std::string& name) const { return read_file(handle_.get(), name); }

std::optional<std::string> Scratch::read_first(const std::string& name) const {
  return read_file(handle_.get(), name + "/" + list_name);
}

std::vector<std::string> Scratch::names() const {
  nudge(handle_.get());
  std::vector<std::string> result;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_)) {
    result.push_back(entry.path().filename().string());
  }
  return result;
}

std::int64_t Scratch::last_listed() const {
  const std::optional<struct statx> directory = ask_server(handle_.get(), "");
  return directory ? directory->stx_mtime.tv_sec : 0;
}

void Scratch::forget(const std::string& name) const { ::unlinkat(handle_.get(), name.c_str(), 0); }

void Scratch::touch(const std::string& name) const {
  ::utimensat(handle_.get(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

std::optional<std::int64_t> Scratch::touched(const std::string& name) const {
  const std::optional<struct statx> file = ask_server(handle_.get(), name);
  return file ? std::optional(file->stx_mtime.tv_sec) : std::nullopt;
}

bool Scratch::remove() const {
  constexpr int most_attempts = 5;  // an NFS client may list for a moment what was just removed
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    boost::system::error_code error;
    for (fs::directory_iterator entry(path_, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (is_file_of_a_run(name)) forget(name);
      boost::system::error_code ignored;
      if (is_directory_of_a_run(name)) fs::remove_all(entry->path(), ignored);
    }
    if (::rmdir(path_.c_str()) == 0 || errno == ENOENT) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    nudge(handle_.get());
  }
  return false;
}

}  // namespace leaselock::tool::verify
