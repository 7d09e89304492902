// Goal: the rename that decides everything (protocol.md section 1 and 3.1) behaves as a compare-and-swap, and the
// rename of a directory decides who publishes a fence. Method: two clients of one directory.
#include <cerrno>

#include "fixture.hpp"

namespace leaselock::conformance {

using RenameOf = Conformance;

TEST_P(RenameOf, a_missing_source_is_ENOENT_and_changes_nothing) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "target", "kept"}), 0);
  EXPECT_EQ(client.error_of(step::Rename{here, "missing", "target"}), ENOENT);
  EXPECT_EQ(client.names(), Names{"target"});
  EXPECT_EQ(client.run(step::Read{here, "target"}).contents, "kept");
}

TEST_P(RenameOf, one_source_by_two_clients_succeeds_once) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "free", ""}), 0);
  ASSERT_EQ(other.names(), Names{"free"});
  EXPECT_EQ(client.error_of(step::Rename{here, "free", "mine"}), 0);
  EXPECT_EQ(other.error_of(step::Rename{here, "free", "theirs"}), ENOENT);
  EXPECT_EQ(client.names(), Names{"mine"});
}

TEST_P(RenameOf, a_file_keeps_its_inode_and_its_mtime) {
  const auto before = client.run(step::CreateFile{here, "old", ""}).status;
  ASSERT_EQ(client.error_of(step::Rename{here, "old", "new"}), 0);
  const auto after = client.look("new");
  EXPECT_TRUE(protocol::same_file(before, after));
  EXPECT_EQ(before.modified, after.modified);
}

TEST_P(RenameOf, one_link_onto_another_link_of_the_same_file_does_nothing_and_reports_success) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "one", ""}), 0);
  ASSERT_EQ(client.error_of(step::Link{here, "one", "two"}), 0);
  EXPECT_EQ(client.error_of(step::Rename{here, "one", "two"}), 0);
  EXPECT_EQ(client.names(), (Names{"one", "two"}));
}

TEST_P(RenameOf, a_directory_onto_one_with_a_file_in_it_fails) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "public", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{inside, "public"}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{inside, "baton", ""}), 0);
  ASSERT_EQ(other.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  const int error = other.error_of(step::Rename{here, "boot", "public"});
  EXPECT_TRUE(error == ENOTEMPTY || error == EEXIST) << error;
  EXPECT_EQ(client.names(inside), Names{"baton"});
  EXPECT_EQ(client.names(), (Names{"boot", "public"}));
}

TEST_P(RenameOf, a_directory_onto_an_empty_one_replaces_it) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "public", 0777}), 0);
  ASSERT_EQ(other.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  const auto prepared = other.run(step::OpenDirectory{Place::boot, "boot"});
  ASSERT_EQ(prepared.error, 0);
  ASSERT_EQ(other.error_of(step::CreateFile{Place::boot, "baton", ""}), 0);
  EXPECT_EQ(other.error_of(step::Rename{here, "boot", "public"}), 0);
  const auto published = client.run(step::OpenDirectory{inside, "public"});
  ASSERT_EQ(published.error, 0);
  EXPECT_EQ(published.status.inode, prepared.status.inode);
  EXPECT_EQ(client.names(inside), Names{"baton"});
  EXPECT_EQ(client.names(), Names{"public"});
}

TEST_P(RenameOf, a_directory_onto_a_missing_name_publishes_it_with_what_is_in_it) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{Place::boot, "boot"}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{Place::boot, "baton", ""}), 0);
  ASSERT_EQ(client.error_of(step::Rename{here, "boot", "public"}), 0);
  ASSERT_EQ(other.error_of(step::OpenDirectory{inside, "public"}), 0);
  EXPECT_EQ(other.names(inside), Names{"baton"});
}

TEST_P(RenameOf, names_in_a_directory_that_was_replaced_never_succeeds) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "public", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{inside, "public"}), 0);
  ASSERT_EQ(other.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  ASSERT_EQ(other.error_of(step::OpenDirectory{Place::boot, "boot"}), 0);
  ASSERT_EQ(other.error_of(step::CreateFile{Place::boot, "baton", ""}), 0);
  ASSERT_EQ(other.error_of(step::Rename{here, "boot", "public"}), 0);
  const int error = client.error_of(step::Rename{inside, "baton", "mine"});
  EXPECT_TRUE(error == ENOENT || error == ESTALE) << error;
  const int creating = client.error_of(step::CreateFile{inside, "baton", ""});
  EXPECT_TRUE(creating == ENOENT || creating == ESTALE) << creating;
}

INSTANTIATE_TEST_SUITE_P(on, RenameOf, ::testing::ValuesIn(all_subjects()), name_of);

}  // namespace leaselock::conformance
