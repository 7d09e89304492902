// Goal: link counts and time stamps are what protocol.md sections 4, 6.1 and 14 take them for.
// Method: two clients of one directory; the simulated server's clock moves only when a test lets it.
#include <cerrno>

#include "fixture.hpp"

namespace leaselock::conformance {

using AFile = Conformance;

TEST_P(AFile, linked_once_has_two_names_and_says_so_in_the_reply) {
  const auto created = client.run(step::CreateFile{here, "claim", "text"});
  ASSERT_EQ(created.error, 0);
  EXPECT_EQ(created.status.links, 1U);
  EXPECT_EQ(created.status.kind, FileKind::regular);
  const auto linked = client.run(step::Link{here, "claim", "lock"});
  ASSERT_EQ(linked.error, 0);
  EXPECT_EQ(linked.status.links, 2U);
  EXPECT_EQ(linked.status.inode, created.status.inode);
  EXPECT_TRUE(protocol::same_file(client.look("lock"), client.look("claim")));
  EXPECT_EQ(other.look("lock").links, 2U);
  EXPECT_EQ(other.run(step::Read{here, "lock"}).contents, "text");
}

TEST_P(AFile, linked_to_a_name_in_use_is_EEXIST_and_changes_nothing) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ASSERT_EQ(other.error_of(step::CreateFile{here, "lock", ""}), 0);
  EXPECT_EQ(client.error_of(step::Link{here, "claim", "lock"}), EEXIST);
  EXPECT_EQ(client.look("claim").links, 1U);
  EXPECT_FALSE(protocol::same_file(client.look("claim"), client.look("lock")));
}

TEST_P(AFile, linked_to_its_own_other_name_is_EEXIST) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ASSERT_EQ(client.error_of(step::Link{here, "claim", "lock"}), 0);
  EXPECT_EQ(client.error_of(step::Link{here, "claim", "lock"}), EEXIST);
  EXPECT_EQ(client.look("claim").links, 2U);
}

TEST_P(AFile, that_is_gone_cannot_be_linked_or_touched) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ASSERT_EQ(other.error_of(step::Unlink{here, "claim"}), 0);
  const int linking = client.error_of(step::Link{here, "claim", "lock"});
  EXPECT_TRUE(linking == ENOENT || linking == ESTALE) << linking;
  const int touching = client.error_of(step::Touch{here, "claim", {}});
  EXPECT_TRUE(touching == ENOENT || touching == ESTALE) << touching;
  EXPECT_EQ(client.names(), Names{});
}

TEST_P(AFile, loses_a_link_when_a_name_is_removed) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ASSERT_EQ(client.error_of(step::Link{here, "claim", "lock"}), 0);
  ASSERT_EQ(other.error_of(step::Unlink{here, "claim"}), 0);
  EXPECT_EQ(other.look("lock").links, 1U);
  EXPECT_EQ(client.look("lock").links, 1U) << "as another client sees it after a forced look";
}

TEST_P(AFile, keeps_a_time_that_was_set) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  const ServerTime set(std::chrono::seconds(1999999999) + std::chrono::nanoseconds(987654321));
  const auto touched = client.run(step::Touch{here, "claim", set});
  ASSERT_EQ(touched.error, 0);
  const auto seen = other.look("claim");
  EXPECT_EQ(seen.modified, touched.status.modified);
  EXPECT_LE(seen.modified, set);
  EXPECT_GT(seen.modified, set - subject->granularity());
}

TEST_P(AFile, touched_to_a_time_of_ours_still_gets_the_servers_own_change_stamp) {
  const auto created = client.run(step::CreateFile{here, "claim", ""});
  ASSERT_EQ(created.error, 0);
  subject->pass(subject->tick());
  const auto touched = client.run(step::Touch{here, "claim", ServerTime(std::chrono::seconds(1))});
  ASSERT_EQ(touched.error, 0);
  EXPECT_GT(touched.status.changed, created.status.changed);
  EXPECT_LT(touched.status.changed - created.status.changed, std::chrono::hours(1));
}

TEST_P(AFile, touched_to_now_has_equal_times_that_move_forward) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ServerTime last{};
  for (int round = 0; round < 5; ++round) {
    subject->pass(subject->tick());
    const auto touched = client.run(step::Touch{here, "claim", {}});
    ASSERT_EQ(touched.error, 0);
    EXPECT_GT(touched.status.changed, last);
    EXPECT_EQ(touched.status.modified, touched.status.changed);
    last = touched.status.changed;
  }
}

TEST_P(AFile, reports_its_permissions_owner_and_size) {
  const auto created = client.run(step::CreateFile{here, "claim", "12345"});
  ASSERT_EQ(created.error, 0);
  EXPECT_EQ(created.status.size, 5U);
  EXPECT_EQ(created.status.mode & ~0666U, 0U) << "nothing but reading and writing";
  EXPECT_EQ(created.status.owner, client.look("claim").owner);
}

TEST_P(AFile, longer_than_any_claim_is_read_from_its_start_only) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "long", std::string(4097, 'x')}), 0);
  const auto read = client.run(step::Read{here, "long"});
  ASSERT_EQ(read.error, 0);
  EXPECT_EQ(read.contents, std::string(4096, 'x'));
  EXPECT_EQ(read.status.size, 4097U);
}

using ADirectory = Conformance;

TEST_P(ADirectory, gets_a_later_stamp_when_a_name_in_it_changes) {
  subject->pass(subject->tick());
  ASSERT_EQ(client.error_of(step::CreateFile{here, "old", ""}), 0);
  const auto before = client.look("");
  subject->pass(subject->tick());
  ASSERT_EQ(other.error_of(step::Rename{here, "old", "new"}), 0);
  EXPECT_GT(client.look("").changed, before.changed);
}

TEST_P(ADirectory, touched_through_its_handle_gets_the_servers_now) {
  ServerTime last = client.look("").changed;
  for (int round = 0; round < 3; ++round) {
    subject->pass(subject->tick());
    const auto touched = client.run(step::Touch{here, "", {}});
    ASSERT_EQ(touched.error, 0);
    EXPECT_EQ(touched.status.kind, FileKind::directory);
    EXPECT_GT(touched.status.changed, last);
    last = touched.status.changed;
  }
}

TEST_P(ADirectory, below_gives_stamps_on_the_same_clock_as_its_parent) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "fence", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{inside, "fence"}), 0);
  subject->pass(subject->tick());
  const auto first = client.run(step::Touch{here, "", {}});
  subject->pass(subject->tick());
  const auto second = client.run(step::Touch{inside, "", {}});
  subject->pass(subject->tick());
  const auto third = client.run(step::Touch{here, "", {}});
  EXPECT_LT(first.status.changed, second.status.changed);
  EXPECT_LT(second.status.changed, third.status.changed);
}

TEST_P(ADirectory, opened_by_name_is_the_one_that_a_look_shows) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "fence", 0700}), 0);
  const auto opened = client.run(step::OpenDirectory{inside, "fence"});
  ASSERT_EQ(opened.error, 0);
  EXPECT_TRUE(protocol::same_file(opened.status, client.look("fence")));
  EXPECT_TRUE(protocol::same_file(opened.status, client.look("", inside)));
  EXPECT_EQ(opened.status.mode & 0777U, 0700U);
}

TEST_P(ADirectory, that_was_not_opened_answers_with_an_error) {
  EXPECT_NE(client.error_of(step::List{inside}), 0);
  EXPECT_NE(client.error_of(step::Rename{inside, "a", "b"}), 0);
  EXPECT_NE(client.error_of(step::Look{inside, "", false}), 0);
}

INSTANTIATE_TEST_SUITE_P(on, AFile, ::testing::ValuesIn(all_subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(on, ADirectory, ::testing::ValuesIn(all_subjects()), name_of);

}  // namespace leaselock::conformance
