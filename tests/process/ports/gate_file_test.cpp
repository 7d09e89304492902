// Goal: whatever stands at the gate's name, and whatever happens to it, nobody is held up by it. Method: put it there.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <boost/filesystem/fstream.hpp>

#include "line.hpp"
#include "support/child.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;
using testing::Channel;
using testing::Child;

constexpr uid_t nobody = 65534;

class AFileAtTheGate : public AGate {};

TEST_F(AFileAtTheGate, is_made_by_who_comes_and_stays) {
  Steps steps(directory.path());
  EXPECT_EQ(steps.enter(0s), 0);
  steps.leave();
  EXPECT_TRUE(fs::is_regular_file(file()));
  EXPECT_TRUE(fs::is_empty(file()));
}

TEST_F(AFileAtTheGate, that_is_removed_while_others_wait_is_replaced_for_all) {
  Steps first(directory.path());
  Steps second(directory.path());
  Steps third(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  EXPECT_EQ(second.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(1));
  fs::remove(file());
  EXPECT_EQ(third.enter(0s), 0) << "a new file, a new line";
  first.leave();
  EXPECT_EQ(second.enter(a_while), ETIMEDOUT) << "first at the old file is nothing";
  EXPECT_TRUE(queue_becomes(1));
  third.leave();
  EXPECT_EQ(second.enter(long_enough), 0);
}

TEST_F(AFileAtTheGate, that_is_exchanged_for_another_is_noticed) {
  Steps first(directory.path());
  Steps second(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  fs::ofstream(directory / "other") << "";
  fs::rename(directory / "other", file());
  EXPECT_EQ(second.enter(0s), 0);
  EXPECT_EQ(first.enter(a_while), ETIMEDOUT) << "it stands behind the other now";
  second.leave();
  EXPECT_EQ(first.enter(long_enough), 0);
}

TEST_F(AFileAtTheGate, that_is_a_symbolic_link_is_refused) {
  Steps steps(directory.path());
  fs::ofstream(directory / "elsewhere") << "";
  fs::create_symlink("elsewhere", file());
  EXPECT_EQ(steps.enter(0s), ELOOP);
  fs::remove(directory / "elsewhere");
  EXPECT_EQ(steps.enter(0s), ELOOP);
  EXPECT_FALSE(fs::exists(directory / "elsewhere")) << "nothing was made through it";
}

TEST_F(AFileAtTheGate, that_is_a_fifo_or_a_directory_is_refused_without_blocking) {
  Steps steps(directory.path());
  ASSERT_EQ(::mkfifo(file().c_str(), 0666), 0);
  EXPECT_EQ(steps.enter(0s), EINVAL);
  fs::remove(file());
  fs::create_directory(file());
  EXPECT_EQ(steps.enter(0s), EISDIR);
}

TEST_F(AFileAtTheGate, that_is_a_device_is_refused) {
  if (::mknod(file().c_str(), S_IFCHR | 0666, ::makedev(1, 3)) != 0) GTEST_SKIP() << "devices cannot be made here";
  EXPECT_NE(Steps(directory.path()).enter(0s), 0);
}

TEST_F(AFileAtTheGate, whose_name_leads_elsewhere_is_refused) {
  Steps steps(directory.path());
  EXPECT_EQ(steps.run(step::EnterGate{"../lock|gate", LeaseTime::max()}).error, EINVAL);
}

TEST_F(AFileAtTheGate, that_may_not_be_written_is_reported) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  fs::ofstream(file()) << "";
  fs::permissions(file(), fs::owner_read | fs::owner_write);
  fs::permissions(directory.path(), fs::all_all);
  Child child = Child::running([&](Channel& channel) {
    if (::setuid(nobody) != 0) throw std::runtime_error("cannot become another user");
    channel.say(std::to_string(Steps(directory.path()).enter(0s)));
  });
  EXPECT_EQ(child.hear(), std::to_string(EACCES));
}

TEST_F(AFileAtTheGate, of_another_user_can_be_used_in_a_directory_like_tmp) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ASSERT_EQ(::chmod(directory.path().c_str(), 01777), 0);
  fs::ofstream(file()) << "";
  ASSERT_EQ(::chown(file().c_str(), nobody, nobody), 0);
  ASSERT_EQ(::chmod(file().c_str(), 0666), 0);
  Child child = Child::running([&](Channel& channel) {
    if (::setuid(nobody - 1) != 0) throw std::runtime_error("cannot become another user");
    channel.say(std::to_string(Steps(directory.path()).enter(0s)));
  });
  EXPECT_EQ(child.hear(), "0");
}

TEST_F(AFileAtTheGate, is_done_without_when_descriptors_or_threads_have_run_out) {
  Steps first(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  fs::permissions(directory.path(), fs::all_all);
  fs::permissions(file(), fs::all_all);
  Child child = Child::running([&](Channel& channel) {
    Steps steps(directory.path());
    const auto with = [&](auto resource, rlim_t most) {
      rlimit usual{};
      ::getrlimit(resource, &usual);
      const rlimit less{most, usual.rlim_max};
      ::setrlimit(resource, &less);
      const int error = steps.enter(0s);
      ::setrlimit(resource, &usual);
      return error;
    };
    const auto descriptors = open_descriptors();
    const int lowest = ::dup(0);
    ::close(lowest);
    // None left; then one for the file, but none to wait with.
    channel.say(std::to_string(with(RLIMIT_NOFILE, 0)));
    channel.say(std::to_string(with(RLIMIT_NOFILE, static_cast<rlim_t>(lowest) + 1)));
    // Root may always start threads.
    const bool limited = ::geteuid() != 0 || ::setuid(nobody) == 0;
    channel.say(std::to_string(limited ? with(RLIMIT_NPROC, 0) : EAGAIN));
    channel.say(open_descriptors() == descriptors ? "nothing left open" : "descriptors left open");
    channel.say(std::to_string(steps.enter(0s)));
  });
  EXPECT_EQ(child.hear(), std::to_string(EMFILE));
  EXPECT_EQ(child.hear(), std::to_string(EMFILE));
  EXPECT_EQ(child.hear(), std::to_string(EAGAIN));
  EXPECT_EQ(child.hear(), "nothing left open");
  EXPECT_EQ(child.hear(), std::to_string(ETIMEDOUT));
}

TEST(AFileSystem, is_trusted_to_wake_us_only_when_it_is_known_to_be_this_kernels_own) {
  const testing::TemporaryDirectory directory;
  const auto shown = [](const fs::path& path) { return Steps(path).opened(); };
  if (directory.path().parent_path() == "/dev/shm") {
    EXPECT_TRUE(shown(directory.path()).wakes);
    EXPECT_TRUE(shown(directory.path()).local);
  }
  EXPECT_FALSE(shown("/proc").wakes);
  EXPECT_FALSE(shown("/sys").wakes);
  EXPECT_FALSE(shown("/proc").local);
}

}  // namespace
}  // namespace leaselock::posix
