// Goal: whatever kind of thing stands at a name that we may meet, nobody is held up by it, and it is left where it is.
// Method: put directories, FIFOs, sockets and devices there, before we come and just before we open what we looked at.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

constexpr const char* id = "0123456789abcdef.1.0123456789abcdef0123456789abcdef";

bool make_socket(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // The names are long, so it is made beside and moved.
  const std::string place = path.parent_path().string() + "/socket";
  if (place.size() >= sizeof address.sun_path) return false;
  place.copy(address.sun_path, place.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound && ::rename(place.c_str(), path.c_str()) == 0;
}

struct Object {
  const char* name;
  bool (*make)(const fs::path&);
};

const Object objects[] = {
    {"directory", [](const fs::path& path) { return fs::create_directory(path) && fs::create_directory(path / "in"); }},
    {"FIFO", [](const fs::path& path) { return ::mkfifo(path.c_str(), 0666) == 0; }},
    {"socket", make_socket},
    // A terminal that would become ours, and a device that has always something to read. Only root may make them.
    {"terminal", [](const fs::path& path) { return ::mknod(path.c_str(), S_IFCHR | 0666, ::makedev(5, 2)) == 0; }},
    {"device", [](const fs::path& path) { return ::mknod(path.c_str(), S_IFCHR | 0666, ::makedev(1, 5)) == 0; }},
};

class Planted : public Attack {
 protected:
  static mode_t kind_of(const fs::path& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & S_IFMT : 0;
  }

  /// In another process, which must come to an end: whoever opens a FIFO the wrong way never does.
  std::string use_everything() const {
    Child user = Child::running([&](Channel& channel) {
      const LockOptions options = options_of(GetParam());
      std::error_code ignored;
      const auto one = lock();
      const std::error_code error = one->take();
      one->refresh();
      one->give_back();
      inspect(path(), options, ignored);
      locks_in(directory.path(), options, ignored);
      break_expired(path(), options, ignored);
      clean(path(), options, ignored);
      channel.say(error ? error.message() : "taken");
    });
    return user.hear().value_or("blocked");
  }
  void empty() const {
    for (fs::directory_iterator entry(directory.path()), end; entry != end; ++entry) fs::remove_all(entry->path());
  }
};

INSTANTIATE_TEST_SUITE_P(on, Planted, all_kinds, name_of_kind);

TEST_P(Planted, things_at_the_names_of_a_lock_hold_up_nobody_and_stay) {
  for (const Object& object : objects) {
    for (const std::string name : {"lock", "lock|fence", "lock|gate", "lock|host|4711|123", "lock|break|1-2-3"}) {
      SCOPED_TRACE(object.name + (" at " + name));
      empty();
      if (!object.make(directory / name)) continue;  // not everybody may make each of them
      const mode_t kind = kind_of(directory / name);
      const std::string outcome = use_everything();
      EXPECT_NE(outcome, "blocked");
      // clean() takes away the gate with the rest, whatever it is, but no directory.
      const bool may_go = name == "lock|gate";
      EXPECT_TRUE(kind_of(directory / name) == kind || (may_go && kind_of(directory / name) == 0));
      const bool is_in_the_way = (name == "lock" && has_lock_file()) || (name == "lock|fence" && has_fence());
      EXPECT_EQ(outcome != "taken", is_in_the_way) << outcome;
    }
  }
}

TEST_P(Planted, things_in_the_fence_directory_hold_up_nobody) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const std::string owner = std::string("|host|1|") + id;
  for (const Object& object : objects) {
    for (const std::string& name : {std::string("stranger"), "q|0|1" + owner, "r|1|1|1000" + owner,
                                    "b|0|1|h|1|0|1000" + owner, std::string("b|0.2|1|f|0|0")}) {
      SCOPED_TRACE(object.name + (" at " + name));
      empty();
      const auto first = lock();
      ASSERT_FALSE(first->take());
      ASSERT_FALSE(first->give_back());
      if (!object.make(fence() / name)) continue;
      EXPECT_NE(use_everything(), "blocked");
    }
  }
}

TEST_P(Planted, a_fifo_that_replaces_a_file_between_the_look_and_the_open_holds_up_nobody) {
  if (!has_lock_file()) GTEST_SKIP() << "nobody opens a lock file";
  const Witness old(path());
  Child user = Child::running([&](Channel& channel) {
    LockOptions options;
    // The second look is the last thing that is done before it is opened.
    const auto exchange = [&] {
      fs::remove(path());
      ::mkfifo(path().c_str(), 0666);
    };
    options.on_trace = after_step("look! lock_directory/lock: ok", exchange, 2);
    const std::error_code error = lock(options)->take();
    channel.say(error == Errc::not_a_lock_file ? "refused" : error.message());
  });
  EXPECT_EQ(user.hear(), "refused");
}

TEST_P(Planted, a_claim_that_became_a_fifo_holds_up_nobody) {
  if (!has_lock_file()) GTEST_SKIP() << "no claims without a lock file";
  Child user = Child::running([&](Channel& channel) {
    const auto one = lock();
    one->take();
    const fs::path name = claim();
    fs::remove(name);
    ::mkfifo(name.c_str(), 0666);
    one->refresh();
    lock()->take();
    one->give_back();
    channel.say("ended");
  });
  EXPECT_EQ(user.hear(), "ended");
}

/// What stands at the name is a terminal from now on, as far as this process sees.
bool mount_terminal(const fs::path& name) {
  const int other_end = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  return ::grantpt(other_end) == 0 && ::unlockpt(other_end) == 0 &&
         ::mount(::ptsname(other_end), name.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

/// In a process that would get the first terminal that it opens, and sees mounts of its own: which it has got.
std::string terminal_after(const std::function<bool()>& body) {
  Child user = Child::running([&](Channel& channel) {
    const bool ready = ::setsid() != -1 && ::unshare(CLONE_NEWNS) == 0 &&
                       ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    const bool done = ready && body();
    const bool has_one = ::open("/dev/tty", O_RDWR | O_CLOEXEC) != -1;
    channel.say(!ready ? "not allowed" : !done ? "not done" : has_one ? "a terminal" : "none");
  });
  return user.hear().value_or("no answer");
}

TEST_P(Planted, a_terminal_at_the_gate_does_not_become_ours) {
  LockOptions options;
  options.lifetime = 30s;
  const auto holder = lock(options);
  ASSERT_FALSE(holder->take());
  const fs::path gate = directory / "lock|gate";
  std::ofstream(gate.string(), std::ios::app).flush();
  const std::string terminal = terminal_after([&] {
    const bool mounted = mount_terminal(gate);
    outcome_at_gate(GetParam(), path(), options);
    return mounted;
  });
  if (terminal == "not allowed") GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(terminal, "none");
}

TEST_P(Planted, a_terminal_that_replaces_a_file_between_the_look_and_the_open_does_not_become_ours) {
  if (!has_lock_file()) GTEST_SKIP() << "nobody opens a lock file";
  const Witness old(path());
  const std::string terminal = terminal_after([&] {
    LockOptions options;
    bool mounted = false;
    options.on_trace = after_step(
        "look! lock_directory/lock: ok", [&] { mounted = mount_terminal(path()); }, 2);
    lock(options)->take();
    return mounted;
  });
  if (terminal == "not allowed") GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(terminal, "none");
}

}  // namespace
}  // namespace leaselock
