#include <gtest/gtest.h>

#include "support/bench_lock.hpp"

/// Which requests an operation makes, counted exactly: over NFS each step here is one request or none.
/// docs/protocol.md section 13.
namespace leaselock::test {
namespace {

using Verbs = std::vector<std::string>;

class Requests : public testing::Test {
 protected:
  /// The temporary directory is local; as a network file system it would be asked more carefully.
  static void pretend_network(Contender& contender) {
    contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
      protocol::Result result = contender.really(step);
      result.local = false;
      return result;
    };
  }

  TemporaryDirectory directory;
  protocol::Settings settings = settings_for(directory.path() / "L");
};

TEST_F(Requests, an_uncontended_fenced_lock_and_unlock_is_a_rename_a_link_an_unlink_and_a_rename) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename", "link"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"unlink", "rename"}));
}

TEST_F(Requests, without_the_mirror_it_is_two_renames) {
  settings.mirror = false;
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
}

TEST_F(Requests, in_compat_mode_it_is_a_link_and_an_unlink_while_the_claim_is_young) {
  settings.fenced = false;
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"open", "create", "touch", "link"}));
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"link"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"unlink"}));
}

TEST_F(Requests, a_refresh_is_one_rename) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.refresh());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
}

TEST_F(Requests, a_stale_handle_is_no_reason_to_give_up_a_linked_claim) {
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  const std::string claim = contender.engine.session().claim->name;
  contender.engine.session().claim->expiry = ServerTime{};  // so that the refresh touches it
  bool stale = true;
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<protocol::step::Touch>(step) || !std::exchange(stale, false)) return std::nullopt;
    protocol::Result result;
    result.error = ESTALE;
    return result;
  };
  EXPECT_FALSE(contender.refresh());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename", "touch", "look!", "touch"}));
  EXPECT_EQ(contender.engine.session().claim->name, claim);
}

TEST_F(Requests, an_attempt_that_finds_the_lock_held_looks_and_lists) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender other(settings);
  pretend_network(other);
  ASSERT_EQ(other.try_lock(), Errc::timed_out);
  ASSERT_EQ(other.try_lock(), Errc::timed_out);
  EXPECT_EQ(verbs(other.steps), (Verbs{"look!", "list", "probe"}));
}

TEST_F(Requests, on_a_local_file_system_it_only_lists) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender other(settings);
  ASSERT_EQ(other.try_lock(), Errc::timed_out);
  ASSERT_EQ(other.try_lock(), Errc::timed_out);
  EXPECT_EQ(verbs(other.steps), (Verbs{"list", "probe"}));
}

TEST_F(Requests, who_comes_to_the_front_of_the_line_asks_once_whether_the_holders_process_lives) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(settings);
  std::vector<std::string> before_the_sleep;
  waiter.interceptor = [&](const protocol::Step& step) {
    if (std::holds_alternative<protocol::step::WaitUntil>(step)) {
      before_the_sleep = verbs(waiter.steps);
      waiter.engine.give_up();
      return protocol::Result{};
    }
    protocol::Result result = waiter.really(step);
    result.local = result.wakes = true;
    return result;
  };
  EXPECT_EQ(waiter.lock_within(std::chrono::hours(1)), Errc::timed_out);
  EXPECT_EQ(before_the_sleep, (Verbs{"open", "create", "open", "touch", "list", "probe", "enter", "watch", "list",
                                     "create", "rename", "touch", "wait"}));
}

TEST_F(Requests, the_first_lock_of_an_object_on_a_known_path_makes_its_claim_and_learns_the_time) {
  Contender earlier(settings);
  ASSERT_FALSE(earlier.try_lock());
  ASSERT_FALSE(earlier.unlock());
  Contender contender(settings);
  pretend_network(contender);
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps),
            (Verbs{"open", "create", "open", "touch", "list", "look!", "rename", "touch", "link"}));
}

TEST_F(Requests, a_compat_waiter_polls_quickly_again_when_the_holder_changes) {
  settings.fenced = false;
  settings.gate = false;  // where it is, nobody polls
  Contender first(settings);
  Contender second(settings);
  ASSERT_FALSE(first.try_lock());
  Contender waiter(settings);
  std::vector<Duration> sleeps;
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    const auto* wait = std::get_if<protocol::step::WaitUntil>(&step);
    if (!wait) return std::nullopt;
    sleeps.push_back(wait->until - waiter.now());
    if (sleeps.size() == 6) {
      EXPECT_FALSE(first.unlock());
      EXPECT_FALSE(second.try_lock());
    }
    if (sleeps.size() == 7) {
      EXPECT_FALSE(second.unlock());
    }
    return protocol::Result{};
  };
  ASSERT_FALSE(waiter.lock_within(std::chrono::seconds(60)));
  ASSERT_EQ(sleeps.size(), 7U);
  EXPECT_GT(sleeps[5], std::chrono::milliseconds(10));  // it had doubled five times, from a millisecond
  EXPECT_LE(sleeps[6], std::chrono::milliseconds(1));
}

TEST_F(Requests, a_free_name_that_was_made_late_may_hide_an_owner_and_is_not_taken) {
  Contender earlier(settings);
  ASSERT_FALSE(earlier.try_lock());
  ASSERT_FALSE(earlier.unlock());
  Contender contender(settings);
  Duration late = std::chrono::seconds(10);
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    protocol::Result result = contender.really(step);
    result.local = false;
    const auto* look = std::get_if<protocol::step::Look>(&step);
    if (look && look->place == protocol::Place::fence && !look->name.empty()) result.status.changed += late;
    return result;
  };
  EXPECT_EQ(contender.try_lock(), Errc::timed_out);
  late = Duration::zero();
  EXPECT_FALSE(contender.try_lock());
}

TEST_F(Requests, a_released_name_that_somebody_else_took_costs_one_scan) {
  Contender first(settings);
  Contender second(settings);
  ASSERT_FALSE(first.try_lock());
  ASSERT_FALSE(first.unlock());
  ASSERT_FALSE(second.try_lock());
  ASSERT_FALSE(second.unlock());
  ASSERT_FALSE(first.try_lock());
  EXPECT_EQ(verbs(first.steps), (Verbs{"rename", "list", "rename", "link"}));
}

TEST_F(Requests, that_fail_with_an_error_named_as_passing_are_tried_again_until_the_timeout) {
  for (const char* failing : {"open", "list", "rename"}) {
    for (const bool passing : {false, true}) {
      settings.retry_errnos = passing ? std::vector<int>{EIO} : std::vector<int>{};
      Contender contender(settings);
      int failures = 2;
      contender.interceptor = [&](const protocol::Step&) -> std::optional<protocol::Result> {
        if (verbs(contender.steps).back() != failing || failures-- <= 0) return std::nullopt;
        protocol::Result result;
        result.error = EIO;
        return result;
      };
      const std::error_code error = contender.lock_within(std::chrono::seconds(10));
      EXPECT_EQ(error, passing ? std::error_code() : protocol::os_error(EIO)) << failing;
      EXPECT_EQ(contender.unlock(), passing ? std::error_code() : make_error_code(Errc::not_locked)) << failing;
    }
  }
}

TEST_F(Requests, a_slot_of_a_semaphore_is_a_listing_and_two_renames) {
  settings.mirror = false;
  settings.purpose = {LockKind::semaphore, 5};
  Contender contender(settings);
  pretend_network(contender);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"look!", "list", "rename"}));
  ASSERT_FALSE(contender.refresh());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
}

TEST_F(Requests, a_writer_of_a_shared_lock_also_lists_the_readers) {
  settings.mirror = false;
  settings.purpose = {LockKind::shared_lock, 1};
  Contender contender(settings);
  pretend_network(contender);
  ASSERT_FALSE(contender.try_lock());
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.try_lock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename", "list"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename"}));
}

TEST_F(Requests, a_reader_makes_a_name_between_two_renames) {
  settings.mirror = false;
  settings.purpose = {LockKind::shared_lock, 1};
  Contender contender(settings);
  pretend_network(contender);
  protocol::AcquireRequest as_reader;
  as_reader.shared = true;
  ASSERT_FALSE(contender.lock(as_reader));
  ASSERT_FALSE(contender.unlock());
  ASSERT_FALSE(contender.lock(as_reader));
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rename", "mkdir", "rename"}));
  ASSERT_FALSE(contender.refresh());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"touch"}));
  ASSERT_FALSE(contender.unlock());
  EXPECT_EQ(verbs(contender.steps), (Verbs{"rmdir"}));
}

TEST_F(Requests, a_writer_that_gets_no_stamp_to_become_a_reader_gives_back_and_has_no_name_to_remove) {
  settings.mirror = false;
  settings.purpose = {LockKind::shared_lock, 1};
  Contender contender(settings);
  ASSERT_FALSE(contender.try_lock());
  contender.engine.session().anchor->received -= std::chrono::minutes(2);
  contender.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<protocol::step::Touch>(step)) return std::nullopt;
    protocol::Result result;
    result.error = EIO;
    return result;
  };
  EXPECT_EQ(contender.run(contender.engine.start_downgrade(contender.now())), std::errc::io_error);
  EXPECT_EQ(verbs(contender.steps), (Verbs{"touch", "rename"}));
}

}  // namespace
}  // namespace leaselock::test
