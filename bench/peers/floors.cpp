// What cannot be undercut: the system calls that a lock is made of, with nothing around them.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/ip/host_name.hpp>
#include <cerrno>
#include <chrono>
#include <thread>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

/// One link to take it, one unlink to give it back; a waiter tries every millisecond. No expiry, no proof, no owner.
class LinkUnlink : public Peer {
 public:
  explicit LinkUnlink(const std::string& path)
      : path_(path), claim_(path + ".claim." + boost::asio::ip::host_name() + "." + std::to_string(::getpid())) {
    const int file = ::open(claim_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    check(file, "open");
    ::close(file);
  }
  ~LinkUnlink() override { ::unlink(claim_.c_str()); }
  void lock() override {
    while (::link(claim_.c_str(), path_.c_str()) != 0) {
      if (errno != EEXIST) check(-1, "link");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void unlock() override { check(::unlink(path_.c_str()), "unlink"); }

 private:
  std::string path_;
  std::string claim_;
};

class OnDescriptor : public Peer {
 public:
  explicit OnDescriptor(const std::string& path) : file_(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666)) {
    check(file_, "open");
  }
  ~OnDescriptor() override { ::close(file_); }

 protected:
  int file_;
};

class OpenFileDescriptionLock : public OnDescriptor {
 public:
  using OnDescriptor::OnDescriptor;
  void lock() override { set(F_OFD_SETLKW, F_WRLCK); }
  void unlock() override { set(F_OFD_SETLK, F_UNLCK); }

 private:
  void set(int command, short type) {
    struct flock request {};
    request.l_type = type;
    request.l_whence = SEEK_SET;
    while (::fcntl(file_, command, &request) != 0) {
      if (errno != EINTR) check(-1, "fcntl");
    }
  }
};

class Flock : public OnDescriptor {
 public:
  using OnDescriptor::OnDescriptor;
  void lock() override { check(::flock(file_, LOCK_EX), "flock"); }
  void unlock() override { check(::flock(file_, LOCK_UN), "flock"); }
};

template <class Kind>
std::unique_ptr<Peer> make(const std::string& path) {
  return std::make_unique<Kind>(path);
}

const Registration link_unlink("link-unlink", make<LinkUnlink>);
const Registration ofd("ofd", make<OpenFileDescriptionLock>);
const Registration flock_two("flock", make<Flock>);

}  // namespace
}  // namespace leaselock::bench
