#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/fstream.hpp>

#include "support/bench_lock.hpp"

/// Making, trusting and losing the fence directory (docs/protocol.md 3.1, 21.1, 21.2).
namespace leaselock::test {
namespace {

namespace fs = boost::filesystem;

class Fence : public testing::Test {
 protected:
  TemporaryDirectory directory;
  protocol::Settings settings = settings_for(directory.path() / "L");
  fs::path fence = directory.path() / "L|fence";

  std::vector<std::string> names_in(const fs::path& place) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(place)) names.push_back(entry.path().filename().string());
    return names;
  }
  static bool is_root() { return ::geteuid() == 0; }
  static constexpr const char* needs_root = "needs root, to make files of another user";
};

TEST_F(Fence, a_new_lock_leaves_one_baton_and_no_trace_of_its_making) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.close());
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{"L|fence"});
  EXPECT_EQ(names_in(fence).size(), 1U);
}

TEST_F(Fence, whose_making_is_answered_twice_is_for_the_group_all_the_same) {
  settings.permissions = 0660;
  Contender contender(settings);
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    const auto* make = std::get_if<protocol::step::MakeDirectory>(&step);
    // The first sending, whose reply is lost.
    if (make != nullptr) ::mkdir((directory.path() / make->name).c_str(), 0700);
    return std::nullopt;
  };
  ASSERT_FALSE(contender.try_lock());
  struct stat facts {};
  ASSERT_EQ(::stat(fence.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0770U);
}

TEST_F(Fence, one_that_another_user_planted_is_refused) {
  if (!is_root()) GTEST_SKIP() << needs_root;
  fs::create_directory(fence);
  ASSERT_EQ(::chown(fence.c_str(), 12345, 12345), 0);
  Contender contender(settings);
  EXPECT_EQ(contender.try_lock(), Errc::fence_untrusted);
  ASSERT_FALSE(contender.close());
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{"L|fence"});
}

TEST_F(Fence, one_that_the_owner_of_the_directory_made_is_trusted) {
  if (!is_root()) GTEST_SKIP() << needs_root;
  ASSERT_EQ(::chown(directory.path().c_str(), 12345, 12345), 0);
  fs::create_directory(fence);
  ASSERT_EQ(::chown(fence.c_str(), 12345, 12345), 0);
  Contender contender(settings);
  EXPECT_FALSE(contender.try_lock());
}

TEST_F(Fence, one_that_everybody_may_write_is_refused_unless_everybody_is_trusted) {
  fs::create_directory(fence);
  ASSERT_EQ(::chmod(fence.c_str(), 0777), 0);
  EXPECT_EQ(Contender(settings).try_lock(), Errc::fence_untrusted);
  settings.trust_others = true;
  EXPECT_FALSE(Contender(settings).try_lock());
}

TEST_F(Fence, a_new_one_is_not_writable_by_everybody_whatever_the_umask) {
  const mode_t umask_before = ::umask(0);
  Contender contender(settings);
  const std::error_code error = contender.try_lock();
  ::umask(umask_before);
  ASSERT_FALSE(error);
  struct stat status {};
  ASSERT_EQ(::stat(fence.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0775U);
}

TEST_F(Fence, a_symbolic_link_or_a_file_in_its_place_is_not_followed) {
  const TemporaryDirectory elsewhere;
  fs::create_symlink(elsewhere.path(), fence);
  EXPECT_EQ(Contender(settings).try_lock(), Errc::fence_damaged);
  EXPECT_TRUE(names_in(elsewhere.path()).empty());
  fs::remove(fence);
  fs::ofstream(fence) << "precious";
  EXPECT_EQ(Contender(settings).try_lock(), Errc::fence_damaged);
  EXPECT_EQ(fs::file_size(fence), 8U);
}

TEST_F(Fence, strangers_in_it_are_left_alone_and_do_no_harm) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  fs::ofstream(fence / "b|0|x|f") << "stranger";
  EXPECT_FALSE(contender.unlock());
  EXPECT_FALSE(contender.try_lock());
  EXPECT_EQ(fs::file_size(fence / "b|0|x|f"), 8U);
}

TEST_F(Fence, without_a_baton_but_with_strangers_it_is_reported_as_damaged) {
  fs::create_directory(fence);
  fs::ofstream(fence / "stranger") << "precious";
  EXPECT_EQ(Contender(settings).try_lock(), Errc::fence_damaged);
}

TEST_F(Fence, an_empty_one_is_replaced_and_never_filled) {
  fs::create_directory(fence);
  struct stat before {};
  ASSERT_EQ(::stat(fence.c_str(), &before), 0);
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  for (const auto& step : contender.steps) EXPECT_EQ(step.find("create fence/"), std::string::npos) << step;
}

TEST_F(Fence, one_that_this_client_remembers_to_be_absent_is_found_by_asking_the_server) {
  Contender other(settings);
  ASSERT_FALSE(other.try_lock());
  Contender contender(settings);
  bool remembers = true;
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    const auto* open = std::get_if<protocol::step::OpenDirectory>(&step);
    const auto* remove = std::get_if<protocol::step::RemoveDirectory>(&step);
    const auto* make = std::get_if<protocol::step::MakeDirectory>(&step);
    const std::string fence_name = fence.filename().string();
    if (make != nullptr && make->name == fence_name) remembers = false;
    const bool about_it =
        (open != nullptr && open->name == fence_name) || (remove != nullptr && remove->name == fence_name);
    if (!remembers || !about_it) return std::nullopt;
    protocol::Result from_memory;
    from_memory.error = ENOENT;
    return from_memory;
  };
  EXPECT_EQ(contender.try_lock(), Errc::timed_out);
  ASSERT_FALSE(other.unlock());
  EXPECT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.close());
  ASSERT_FALSE(other.close());
  EXPECT_EQ(names_in(directory.path()), std::vector<std::string>{"L|fence"});
}

TEST_F(Fence, a_lock_goes_on_after_another_destroyed_it) {
  Contender first(settings);
  Contender second(settings);
  ASSERT_FALSE(first.try_lock());
  ASSERT_FALSE(first.unlock());
  ASSERT_FALSE(second.try_lock());
  const auto token = second.engine.session().hold->baton.number;
  ASSERT_FALSE(second.run(second.engine.start_destroy(second.now())));
  ASSERT_FALSE(first.close());
  EXPECT_TRUE(names_in(directory.path()).empty());
  ASSERT_FALSE(first.try_lock());
  EXPECT_GT(first.engine.session().hold->baton.number, token);
}

TEST_F(Fence, an_owner_whose_fence_was_removed_has_lost_its_lock) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  fs::remove_all(fence);
  EXPECT_EQ(contender.refresh(), Errc::lease_lost);
  EXPECT_FALSE(contender.engine.session().holds(contender.now()));
}

TEST_F(Fence, times_come_from_the_fence_directory_and_never_from_a_claim) {
  // A client that was delegated a claim's times may stamp them with its own clock: here a thousand seconds ahead.
  Contender contender(settings);
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    protocol::Result result = contender.really(step);
    const auto* touch = std::get_if<protocol::step::Touch>(&step);
    if (touch != nullptr && touch->place == protocol::Place::lock_directory) {
      result.status.changed += std::chrono::seconds(1000);
    }
    return result;
  };
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.refresh());
  const auto expiry = contender.engine.session().hold->baton.expiry().time_since_epoch();
  EXPECT_LT(expiry, wall + std::chrono::seconds(100));
  EXPECT_EQ(contender.engine.session().anchor->stamp.time_since_epoch() > wall + std::chrono::seconds(500), false);
}

}  // namespace
}  // namespace leaselock::test
