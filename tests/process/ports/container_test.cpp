// Goal: what a container's processes know of others never makes a living process a dead one (protocol.md section 8),
// and wake-ups are trusted only where nobody else can come. Method: real name spaces and mounts, where the kernel
// allows.
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <boost/filesystem/fstream.hpp>

#include "posix/posix_host.hpp"
#include "posix/process_facts.hpp"
#include "steps.hpp"
#include "support/child.hpp"
#include "support/container.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;
using testing::Channel;
using testing::Child;
using testing::in_container;

class AContainer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::containers_can_be_made()) GTEST_SKIP() << "no name spaces here: not root, or in a chroot";
  }

  static bool is_gone(const protocol::Owner& process) {
    return PosixHost().provably_gone(process.boot, process.start, process.pid);
  }
  static std::string judged(const protocol::Owner& process) { return is_gone(process) ? "gone" : "alive"; }
  static void tell(Channel& channel, const protocol::Owner& who) {
    channel.say(who.host);
    channel.say(std::to_string(who.pid));
    channel.say(std::to_string(who.start));
    channel.say(who.boot);
  }
  template <class Side>
  static protocol::Owner told(Side& side) {
    protocol::Owner who;
    who.host = side.hear().value();
    who.pid = std::stoll(side.hear().value());
    who.start = std::stoull(side.hear().value());
    who.boot = side.hear().value();
    return who;
  }
  static Child process() {
    return Child::running([](Channel& channel) {
      tell(channel, PosixHost().identity());
      channel.hear(1h);
    });
  }
};

TEST_F(AContainer, sees_that_an_id_was_given_to_another_process) {
  Child container = in_container([](Channel& channel) {
    testing::TemporaryDirectory directory;
    Steps steps(directory.path());
    testing::choose_next_pid(100);
    Child first = process();
    const auto before = told(first);
    channel.say(judged(before));
    first.kill();
    // Start times are counted in ticks of 10 ms.
    const LeaseTime begin = LeaseClock::now();
    while (LeaseClock::now() < begin + 50ms) ::usleep(10'000);
    testing::choose_next_pid(100);
    Child second = process();
    const auto after = told(second);
    channel.say(after.pid == before.pid && after.pid == 100 ? "same id" : "other id");
    channel.say(judged(before));
    channel.say(judged(after));
    channel.say(steps.hears_of_the_end({before.boot, before.start, before.pid}) ? "heard" : "not heard");
    channel.say(steps.hears_of_the_end({after.boot, after.start, after.pid}, a_while) ? "heard" : "not heard");
  });
  EXPECT_EQ(container.hear(), "alive");
  EXPECT_EQ(container.hear(), "same id");
  EXPECT_EQ(container.hear(), "gone");
  EXPECT_EQ(container.hear(), "alive");
  EXPECT_EQ(container.hear(), "heard");
  EXPECT_EQ(container.hear(), "not heard");
  EXPECT_EQ(container.wait(), 0);
}

TEST_F(AContainer, never_judges_a_process_of_another_with_the_same_host_name_and_id) {
  const auto live = [](Channel& channel) {
    testing::TemporaryDirectory directory;
    Steps steps(directory.path());
    testing::choose_next_pid(77);
    Child inner = process();
    tell(channel, told(inner));
    // Nobody has the id here any more; and of the other container nothing is known.
    inner.kill();
    const auto other = told(channel);
    channel.say(judged(other));
    channel.say(steps.hears_of_the_end({other.boot, other.start, other.pid}, a_while) ? "heard" : "not heard");
    channel.hear(1h);
  };
  Child one = in_container(live);
  Child two = in_container(live);
  const auto of_one = told(one);
  const auto of_two = told(two);
  EXPECT_EQ(of_one.host, of_two.host);
  EXPECT_EQ(of_one.pid, of_two.pid);
  EXPECT_NE(of_one.boot, of_two.boot);
  const auto pass_on = [](Child& to, const protocol::Owner& who) {
    for (const std::string& line : {who.host, std::to_string(who.pid), std::to_string(who.start), who.boot}) {
      to.say(line);
    }
  };
  pass_on(one, of_two);
  pass_on(two, of_one);
  for (Child* container : {&one, &two}) {
    EXPECT_EQ(container->hear(), "alive");
    EXPECT_EQ(container->hear(), "not heard");
  }
  EXPECT_FALSE(is_gone(of_one)) << "nor does the host around them";
}

TEST_F(AContainer, never_judges_a_process_of_the_host_around_it) {
  Child outside = process();
  const auto facts = told(outside);
  Child container = in_container([&](Channel& channel) { channel.say(judged(facts)); });
  EXPECT_EQ(container.hear(), "alive");
  outside.kill();
  EXPECT_TRUE(is_gone(facts));
}

TEST_F(AContainer, never_judges_by_a_process_list_that_counts_for_another) {
  Child container = in_container(
      [](Channel& channel) {
        Child inner = process();
        auto facts = told(inner);
        ++facts.start;
        channel.say(judged(facts));
        inner.kill();
        channel.say(judged(facts));
      },
      {.host = "container", .proc_options = "", .outer_proc = true});
  EXPECT_EQ(container.hear(), "alive") << "the id is in use; who uses it cannot be seen";
  EXPECT_EQ(container.hear(), "gone") << "the id is not in use";
}

TEST_F(AContainer, never_judges_processes_that_are_hidden_from_it) {
  Child container = in_container(
      [](Channel& channel) {
        Child inner = process();
        auto facts = told(inner);
        ++facts.start;
        Child stranger = Child::running([&](Channel& below) {
          const bool nobody = ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
          if (!nobody) throw std::runtime_error("cannot become another user");
          below.say(judged(facts));
        });
        channel.say(stranger.hear().value());
        channel.say(judged(facts));
      },
      {.host = "container", .proc_options = "hidepid=2", .outer_proc = false});
  EXPECT_EQ(container.hear(), "alive");
  EXPECT_EQ(container.hear(), "gone") << "root sees that the id is another's";
}

TEST_F(AContainer, never_judges_a_process_from_before_a_reboot) {
  const testing::TemporaryDirectory directory;
  Child container = in_container([&](Channel& channel) {
    Child inner = process();
    const auto before = told(inner);
    inner.kill();
    channel.say(judged(before));
    const auto other = directory / "boot_id";
    fs::ofstream(other) << "01234567-89ab-cdef-0123-456789abcdef\n";
    const int outcome = ::mount(other.c_str(), "/proc/sys/kernel/random/boot_id", nullptr, MS_BIND, nullptr);
    channel.say(outcome == 0 ? "rebooted" : "cannot mount");
    Child after = Child::running([&](Channel& below) { below.say(judged(before)); });
    channel.say(after.hear().value());
  });
  EXPECT_EQ(container.hear(), "gone");
  EXPECT_EQ(container.hear(), "rebooted");
  EXPECT_EQ(container.hear(), "alive");
}

TEST_F(AContainer, is_not_trusted_to_be_woken_on_an_overlay) {
  const testing::TemporaryDirectory directory;
  for (const char* name : {"lower", "upper", "work", "merged"}) fs::create_directory(directory / name);
  Child container = in_container([&](Channel& channel) {
    const std::string at = directory.path().string();
    const std::string options = "lowerdir=" + at + "/lower,upperdir=" + at + "/upper,workdir=" + at + "/work";
    const auto merged = directory / "merged";
    const bool mounted = ::mount("overlay", merged.c_str(), "overlay", 0, options.c_str()) == 0;
    channel.say(mounted ? "mounted" : "cannot mount");
    const Steps steps(merged);
    channel.say(steps.opened().wakes ? "wakes" : "does not wake");
    channel.say(steps.opened().local ? "local" : "not local");
  });
  if (container.hear() != "mounted") GTEST_SKIP() << "overlays cannot be mounted here";
  EXPECT_EQ(container.hear(), "does not wake");
  EXPECT_EQ(container.hear(), "local");
}

}  // namespace
}  // namespace leaselock::posix
