// Goal: who watches a directory is woken by every change of a name in it, whoever makes it, and by nothing else.
// Method: changes before and during the wait, by this process and by another.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <boost/filesystem/fstream.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "steps.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;
using testing::Channel;
using testing::Child;

class AWatch : public ::testing::Test {
 protected:
  AWatch() : steps(place()) { make("old"); }

  /// The directory itself may be moved about.
  fs::path place() {
    fs::create_directories(directory / "place");
    return directory / "place";
  }
  void make(const std::string& name) { fs::ofstream(place() / name) << ""; }
  void rename(const std::string& from, const std::string& to) { fs::rename(place() / from, place() / to); }

  testing::TemporaryDirectory directory;
  Steps steps;
};

TEST_F(AWatch, is_woken_by_a_rename_that_another_process_makes) {
  ASSERT_EQ(steps.watch(), 0);
  Child child = Child::running([&](Channel& channel) {
    channel.hear();
    rename("old", "new");
  });
  child.say("go on");
  EXPECT_TRUE(steps.hears_of_a_change());
}

TEST_F(AWatch, is_woken_by_what_happened_before_the_wait_once) {
  ASSERT_EQ(steps.watch(), 0);
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
  rename("old", "new");
  EXPECT_TRUE(steps.hears_of_a_change());
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
}

TEST_F(AWatch, is_woken_by_every_way_in_which_a_name_comes_or_goes) {
  const std::vector<std::pair<std::string, std::function<void()>>> changes = {
      {"create", [&] { make("one"); }},
      {"link", [&] { fs::create_hard_link(place() / "one", place() / "two"); }},
      {"make a directory", [&] { fs::create_directory(place() / "below"); }},
      {"move in", [&] { fs::rename(directory / "outside", place() / "three"); }},
      {"move out", [&] { fs::rename(place() / "one", directory / "outside"); }},
      {"unlink", [&] { fs::remove(place() / "two"); }},
      {"remove a directory", [&] { fs::remove(place() / "below"); }},
      {"replace", [&] { rename("old", "three"); }},
      {"move the directory", [&] { fs::rename(place(), directory / "moved"); }},
      {"remove the directory", [&] { fs::remove_all(directory / "moved"); }},
  };
  fs::ofstream(directory / "outside") << "";
  ASSERT_EQ(steps.watch(), 0);
  for (const auto& [what, change] : changes) {
    change();
    EXPECT_TRUE(steps.hears_of_a_change()) << what;
  }
}

TEST_F(AWatch, sleeps_through_stamps_reading_writing_and_listing) {
  ASSERT_EQ(steps.watch(), 0);
  steps.run(step::Touch{Place::lock_directory, "", std::nullopt});
  steps.run(step::Touch{Place::lock_directory, "old", std::nullopt});
  steps.run(step::List{Place::lock_directory});
  steps.run(step::Read{Place::lock_directory, "old"});
  make("old");
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
}

TEST_F(AWatch, is_on_the_directory_that_is_open_and_not_on_another_of_its_name) {
  fs::rename(place(), directory / "moved");
  ASSERT_EQ(steps.watch(), 0);
  fs::create_directory(place());
  make("new");
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
  fs::ofstream(directory / "moved" / "new") << "";
  EXPECT_TRUE(steps.hears_of_a_change());
}

TEST_F(AWatch, replaces_the_one_before) {
  fs::create_directory(place() / "lock|fence");
  ASSERT_EQ(steps.run(step::OpenDirectory{Place::fence, "lock|fence"}).error, 0);
  ASSERT_EQ(steps.watch(Place::lock_directory), 0);
  ASSERT_EQ(steps.watch(Place::fence), 0);
  rename("old", "new");
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
  make("lock|fence/b");
  EXPECT_TRUE(steps.hears_of_a_change());
}

TEST_F(AWatch, ends_with_the_stay_in_the_gate) {
  ASSERT_EQ(steps.watch(), 0);
  steps.leave();
  rename("old", "new");
  EXPECT_FALSE(steps.hears_of_a_change(a_while));
}

TEST_F(AWatch, is_not_inherited_and_not_disturbed_by_a_forked_child) {
  ASSERT_EQ(steps.watch(), 0);
  rename("old", "new");
  Child child = Child::running([&](Channel& channel) {
    channel.say(steps.hears_of_a_change(a_while) ? "woken" : "slept");
    channel.say(std::to_string(steps.watch()));
    rename("new", "newer");
    channel.say(steps.hears_of_a_change() ? "woken" : "slept");
    steps.leave();
  });
  EXPECT_EQ(child.hear(), "slept");
  EXPECT_EQ(child.hear(), "0");
  EXPECT_EQ(child.hear(), "woken");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(steps.hears_of_a_change()) << "the child has read none of its parent's events";
  rename("newer", "newest");
  EXPECT_TRUE(steps.hears_of_a_change()) << "the child has not ended its parent's watch";
}

TEST_F(AWatch, takes_no_spare_of_its_parents) {
  ASSERT_EQ(steps.watch(), 0);
  steps.leave();
  Child child = Child::running([&](Channel& channel) {
    Steps own(place());
    channel.say(std::to_string(own.watch()));
    channel.hear();
    channel.say(own.hears_of_a_change() ? "woken" : "slept");
  });
  EXPECT_EQ(child.hear(), "0");
  ASSERT_EQ(steps.watch(), 0);
  rename("old", "new");
  EXPECT_TRUE(steps.hears_of_a_change());
  EXPECT_EQ(child.ask("go on"), "woken");
}

TEST_F(AWatch, uses_few_of_the_instances_that_a_user_may_have) {
  // inotify(7): a user may have 128 in all his processes.
  std::vector<std::unique_ptr<Steps>> all;
  for (int number = 0; number < 200; ++number) {
    all.push_back(std::make_unique<Steps>(place()));
    ASSERT_EQ(all.back()->watch(), 0) << number;
    all.back()->leave();
  }
}

TEST_F(AWatch, that_cannot_be_had_is_reported_and_time_passes_all_the_same) {
  Child child = Child::running([&](Channel& channel) {
    Steps& own = steps;
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NOFILE, &none);
    channel.say(std::to_string(own.watch()));
    channel.say(own.hears_of_a_change(a_while) ? "woken" : "slept");
  });
  EXPECT_EQ(child.hear(), std::to_string(EMFILE));
  EXPECT_EQ(child.hear(), "slept");
}

TEST_F(AWatch, wait_is_not_ended_by_a_signal) {
  ASSERT_EQ(steps.watch(), 0);
  Child child = Child::running([&](Channel& channel) {
    ::signal(SIGALRM, [](int) {});
    ::ualarm(1000, 1000);
    channel.say(steps.watch() == 0 && !steps.hears_of_a_change(a_while) ? "slept" : "woken");
  });
  EXPECT_EQ(child.hear(), "slept");
}

}  // namespace
}  // namespace leaselock::posix
