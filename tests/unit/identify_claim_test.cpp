#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "support/bench_lock.hpp"

/// Whose claim the lock file is must be learned without opening it while its owner may be alive: a file that is open
/// for reading may be delegated to the reader, and its owner then waits (docs/protocol.md 6.1, 14).
namespace leaselock::test {
namespace {

namespace fs = boost::filesystem;
namespace step = protocol::step;
using Verbs = std::vector<std::string>;

class IdentifyClaim : public testing::Test {
 protected:
  static protocol::Settings in_compat_mode(protocol::Settings settings) {
    settings.fenced = false;
    return settings;
  }
  /// The temporary directory is local; as a network file system it would be asked more carefully.
  static std::optional<protocol::Result> over_network(Contender& contender, const protocol::Step& step) {
    if (!std::holds_alternative<step::OpenLockDirectory>(step)) return std::nullopt;
    protocol::Result result = contender.really(step);
    result.local = false;
    return result;
  }
  static bool reads(const Contender& contender) { return std::ranges::count(verbs(contender.steps), "read") != 0; }
  static std::error_code inspect(Contender& contender) {
    return contender.run(contender.engine.start_inspect(contender.now()));
  }
  /// Answers the contender's listings of the lock's directory with what `answer` makes of the true ones.
  static void alter_listings(Contender& contender, std::function<void(protocol::Result&)> answer) {
    contender.interceptor =
        [&contender, answer = std::move(answer)](const protocol::Step& step) -> std::optional<protocol::Result> {
      const auto* list = std::get_if<step::List>(&step);
      if (list == nullptr || list->place != protocol::Place::lock_directory) return std::nullopt;
      protocol::Result result = contender.really(step);
      answer(result);
      return result;
    };
  }
  static void expect_holder(const Contender& waiter, const Contender& holder) {
    const auto& seen = waiter.engine.session().mirror_holder;
    ASSERT_TRUE(seen);
    EXPECT_TRUE(seen->owner->same_object(holder.engine.session().me));
  }

  TemporaryDirectory directory;
  fs::path path = directory.path() / "L";
  protocol::Settings fenced = settings_for(path);
  protocol::Settings compat = in_compat_mode(fenced);
};

TEST_F(IdentifyClaim, a_waiter_lists_the_directory_once_for_a_new_holder_and_does_not_open_the_lock_file) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(compat);
  Verbs of_second_poll;
  int polls = 0;
  waiter.interceptor = [&](const protocol::Step& step) {
    auto result = over_network(waiter, step);
    if (std::holds_alternative<step::WaitUntil>(step)) {
      const Verbs sofar = verbs(waiter.steps);
      if (++polls == 1) {
        EXPECT_EQ(sofar, (Verbs{"open", "create", "touch", "link", "look!", "look!", "list", "wait"}));
      } else {
        EXPECT_EQ(Verbs(sofar.end() - 3, sofar.end()), (Verbs{"link", "look!", "wait"}));
        EXPECT_FALSE(holder.unlock());
      }
      result.emplace();
    }
    return result;
  };
  ASSERT_FALSE(waiter.lock_within(std::chrono::seconds(60)));
  EXPECT_EQ(polls, 2);
  EXPECT_FALSE(reads(waiter));
}

TEST_F(IdentifyClaim, a_waiter_that_holds_the_baton_does_not_open_it_either) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(fenced);
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_FALSE(reads(waiter));
  expect_holder(waiter, holder);
}

TEST_F(IdentifyClaim, a_look_at_a_lock_opens_nothing) {
  for (const auto& settings : {compat, fenced}) {
    Contender holder(settings);
    ASSERT_FALSE(holder.try_lock());
    Contender visitor(settings);
    ASSERT_FALSE(inspect(visitor));
    EXPECT_FALSE(reads(visitor));
    EXPECT_EQ(visitor.engine.sighting().claim_name, holder.engine.session().claim->name);
    ASSERT_FALSE(inspect(holder));
    EXPECT_FALSE(reads(holder));
    EXPECT_TRUE(holder.engine.sighting().shows_hold_of(holder.engine.session()));
    ASSERT_FALSE(holder.unlock());
  }
}

TEST_F(IdentifyClaim, a_lock_file_that_changes_hands_meanwhile_is_not_opened) {
  Contender second(compat);
  ASSERT_FALSE(second.try_lock());  // so that it has its claim and will not get the inode of the other's
  ASSERT_FALSE(second.unlock());
  Contender first(compat);
  ASSERT_FALSE(first.try_lock());
  Contender waiter(compat);
  alter_listings(waiter, [&, done = false](protocol::Result& result) mutable {
    if (std::exchange(done, true)) return;
    EXPECT_FALSE(first.unlock());
    EXPECT_FALSE(first.close());  // and its claim goes, as with flufl.lock
    EXPECT_FALSE(second.try_lock());
    result = waiter.really(step::List{protocol::Place::lock_directory});
  });
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_FALSE(reads(waiter));
  expect_holder(waiter, second);
}

TEST_F(IdentifyClaim, a_lock_file_whose_claim_is_gone_is_read) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  fs::remove(directory.path() / holder.engine.session().claim->name);
  Contender waiter(compat);
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_TRUE(reads(waiter));
  expect_holder(waiter, holder);
}

TEST_F(IdentifyClaim, a_lock_file_in_a_directory_that_may_not_be_listed_is_read) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(compat);
  alter_listings(waiter, [](protocol::Result& result) { result.error = EACCES; });
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_TRUE(reads(waiter));
  expect_holder(waiter, holder);
}

TEST_F(IdentifyClaim, a_lock_file_on_a_file_system_that_lists_numbers_of_its_own_is_read) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(compat);
  alter_listings(waiter, [](protocol::Result& result) {
    for (auto& entry : result.entries) entry.inode = 0;
  });
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_TRUE(reads(waiter));
  expect_holder(waiter, holder);
}

TEST_F(IdentifyClaim, a_holder_whom_an_old_listing_takes_for_a_fenced_one_is_not_broken) {
  Contender holder(compat);
  ASSERT_FALSE(holder.try_lock());
  Contender gone(fenced);
  const std::string claim = protocol::Names("L", "|").claim(gone.engine.session().me, protocol::ClaimKind::fenced, 1);
  Contender waiter(fenced);
  alter_listings(waiter, [&](protocol::Result& result) {
    // The claim had the inode number that is the holder's now.
    result.entries = {{claim, holder.engine.session().claim->status.inode}};
  });
  EXPECT_EQ(waiter.try_lock(), Errc::timed_out);
  EXPECT_EQ(std::ranges::count(waiter.steps, "look! lock_directory/" + claim), 1);
  EXPECT_FALSE(holder.refresh());
  EXPECT_FALSE(holder.unlock());
}

TEST_F(IdentifyClaim, the_mark_of_a_rival_breaker_is_not_opened) {
  Contender rival(compat);
  ASSERT_FALSE(rival.try_lock());
  ASSERT_FALSE(rival.unlock());
  Contender dead(compat);
  ASSERT_FALSE(dead.try_lock());
  const auto long_ago = ServerTime(std::chrono::hours(400'000));
  const protocol::FileStatus victim = dead.really(step::Touch{protocol::Place::lock_directory, "L", long_ago}).status;
  const std::string mark = protocol::Names("L", "|").mark(victim);  // as if it had just been elected
  ASSERT_EQ(rival.really(step::Link{protocol::Place::lock_directory, rival.engine.session().claim->name, mark}).error,
            0);
  Contender breaker(fenced);
  EXPECT_EQ(breaker.try_lock(), Errc::timed_out);
  EXPECT_FALSE(reads(breaker));
  EXPECT_TRUE(fs::exists(directory.path() / mark));
}

}  // namespace
}  // namespace leaselock::test
