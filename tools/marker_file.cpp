#include "marker_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "replace_file.hpp"

namespace leaselock::tool {

namespace {

std::error_code last_error() { return {errno, std::system_category()}; }

/// NFS says ESTALE of a file that another host has removed.
bool says_that_it_is_gone(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory || error.value() == ESTALE;
}

}  // namespace

FileStamp stamp_of(const struct stat& status) {
  return std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
}

std::error_code MarkerFile::write(const MarkerText& text) {
  text_ = text;
  return write_text();
}

std::error_code MarkerFile::rename() {
  if (state_ == text_.state) return {};
  // Somebody who took us for dead may remove it at any moment.
  const std::string to = name_.file(text_.state);
  for (int attempt = 0; renameat(handle(), name_.file(state_).c_str(), handle(), to.c_str()) != 0; ++attempt) {
    const std::error_code error = last_error();
    if (attempt == 3 || !says_that_it_is_gone(error)) return error;
    if (const std::error_code not_written = write_text()) return not_written;
  }
  state_ = text_.state;
  return {};
}

std::error_code MarkerFile::touch() {
  constexpr timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  if (utimensat(handle(), name_.file(state_).c_str(), now, AT_SYMLINK_NOFOLLOW) == 0) return read_stamp();
  const std::error_code error = last_error();
  return says_that_it_is_gone(error) ? write_text() : error;
}

std::error_code MarkerFile::remove() {
  if (!handle_.valid()) {
    const std::error_code error = open_directory();
    if (error) return says_that_it_is_gone(error) ? std::error_code() : error;
  }
  std::error_code first;
  for (const MarkerState state : {MarkerState::ready, MarkerState::running}) {
    const bool removed = unlinkat(handle(), name_.file(state).c_str(), 0) == 0;
    if (!removed && errno != ENOENT && !first) first = last_error();
  }
  unlinkat(handle(), name_.temporary().c_str(), 0);  // of one that was killed while it wrote
  return first;
}

std::error_code MarkerFile::open_directory() {
  Descriptor opened(open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) return last_error();
  handle_ = std::move(opened);
  return {};
}

std::error_code MarkerFile::write_text() {
  const auto replace = [this] { return replace_file(handle(), name_.temporary(), name_.file(state_), text_.text()); };
  std::error_code error = handle_.valid() ? replace() : std::make_error_code(std::errc::no_such_file_or_directory);
  if (says_that_it_is_gone(error)) {
    error = open_directory();
    if (!error) error = replace();
  }
  return error ? error : read_stamp();
}

std::error_code MarkerFile::read_stamp() {
  struct stat status {};
  if (fstatat(handle(), name_.file(state_).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return last_error();
  stamp_ = stamp_of(status);
  return {};
}

}  // namespace leaselock::tool
