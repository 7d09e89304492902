// Exactly the system calls of a warm cycle of ours (docs/protocol.md section 13) on names of the same form and length,
// with nothing around them: what our own code costs is the difference. The names are new ones each time, as ours are,
// because a kernel treats a name that it has never met differently from two that alternate.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

constexpr const char* directory_name = "bare-directory";
/// Of a held and of a free name, with a short host name.
constexpr std::size_t held_length = 110;
constexpr std::size_t free_length = 42;

/// The baton: an empty file that is renamed twice a cycle.
class Baton {
 public:
  explicit Baton(int directory) : directory_(directory), held_(held_length, '0'), free_(free_length, '0') {
    const int file = ::openat(directory, free_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    check(file, "openat");
    ::close(file);
  }
  void take() {
    count(held_);
    check(::renameat(directory_, free_.c_str(), directory_, held_.c_str()), "renameat");
  }
  void give_back() {
    count(free_);
    check(::renameat(directory_, held_.c_str(), directory_, free_.c_str()), "renameat");
  }

 private:
  void count(std::string& name) { std::to_chars(name.data(), name.data() + 20, ++counter_ + first); }

  static constexpr std::uint64_t first = 1'000'000'000'000'000'000;
  int directory_;
  std::string held_;
  std::string free_;
  std::uint64_t counter_ = 0;
};

class Mirror {
 public:
  explicit Mirror(int directory) : directory_(directory) {
    const int file = ::openat(directory, claim, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    check(file, "openat");
    ::close(file);
  }
  void make() {
    check(::linkat(directory_, claim, directory_, mirror, 0), "linkat");
    struct statx status {};
    check(::statx(directory_, claim, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status), "statx");
  }
  void remove() { check(::unlinkat(directory_, mirror, 0), "unlinkat"); }

 private:
  static constexpr const char* claim = "lock|vm|3704|f.0123456789abcdef.3069438.0123456789abcdef0123456789abcdef.1";
  static constexpr const char* mirror = "lock";
  int directory_;
};

class Bare : public Peer {
 public:
  Bare(const std::string& path, bool renames, bool links)
      : directory_(open(path + "." + directory_name)),
        fence_(open(path + "." + directory_name + "/fence")),
        baton_(fence_),
        mirror_(directory_),
        renames_(renames),
        links_(links) {}
  ~Bare() override {
    ::close(directory_);
    ::close(fence_);
  }
  void lock() override {
    if (renames_) baton_.take();
    if (links_) mirror_.make();
  }
  void unlock() override {
    if (links_) mirror_.remove();
    if (renames_) baton_.give_back();
  }

 private:
  static int open(const std::string& path) {
    ::mkdir(path.c_str(), 0777);
    const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    check(directory, "open");
    return directory;
  }

  int directory_;
  int fence_;
  Baton baton_;
  Mirror mirror_;
  bool renames_;
  bool links_;
};

MakePeer bare(bool renames, bool links) {
  return [=](const std::string& path) { return std::make_unique<Bare>(path, renames, links); };
}

const Registration fenced("bare-fenced", bare(true, true));
const Registration plain("bare-plain", bare(true, false));
const Registration compat("bare-compat", bare(false, true));

}  // namespace
}  // namespace leaselock::bench
