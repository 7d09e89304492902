#include "board.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace leaselock::nfs {
namespace {

Board& map(const std::string& file, int flags) {
  const auto fail = [&file] { throw std::system_error(errno, std::generic_category(), file); };
  const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC | flags, 0666);
  if (descriptor < 0) fail();
  if ((flags & O_CREAT) != 0 && ftruncate(descriptor, sizeof(Board)) != 0) fail();
  void* const memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) fail();
  close(descriptor);
  return *static_cast<Board*>(memory);
}

}  // namespace

Board& make_board(const std::string& file) { return map(file, O_CREAT | O_EXCL); }
Board& open_board(const std::string& file) { return map(file, 0); }

}  // namespace leaselock::nfs
