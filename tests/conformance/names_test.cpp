// Goal: names are made and removed exactly once, and what stands at a name is told and never followed.
// Method: two clients of one directory, and obstacles planted from outside.
#include <signal.h>
#include <sys/resource.h>

#include <cerrno>

#include "fixture.hpp"

namespace leaselock::conformance {

using ANameOfTheProtocol = Conformance;

TEST_P(ANameOfTheProtocol, is_created_exclusively) {
  EXPECT_EQ(client.error_of(step::CreateFile{here, "claim", "mine"}), 0);
  EXPECT_EQ(other.error_of(step::CreateFile{here, "claim", "theirs"}), EEXIST);
  EXPECT_EQ(other.run(step::Read{here, "claim"}).contents, "mine");
  EXPECT_EQ(client.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  EXPECT_EQ(other.error_of(step::MakeDirectory{here, "boot", 0777}), EEXIST);
}

TEST_P(ANameOfTheProtocol, is_removed_once) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  EXPECT_EQ(client.error_of(step::Unlink{here, "claim"}), 0);
  EXPECT_EQ(other.error_of(step::Unlink{here, "claim"}), ENOENT);
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "boot", 0777}), 0);
  EXPECT_EQ(client.error_of(step::RemoveDirectory{here, "boot"}), 0);
  EXPECT_EQ(other.error_of(step::RemoveDirectory{here, "boot"}), ENOENT);
}

TEST_P(ANameOfTheProtocol, of_one_directory_is_not_in_another) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "fence", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{inside, "fence"}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{inside, "baton", ""}), 0);
  EXPECT_EQ(client.names(inside), Names{"baton"});
  EXPECT_EQ(client.names(here), Names{"fence"});
  EXPECT_EQ(client.error_of(step::Look{here, "baton", true}), ENOENT);
}

TEST_P(ANameOfTheProtocol, in_a_directory_keeps_it_from_being_removed) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "fence", 0777}), 0);
  ASSERT_EQ(client.error_of(step::OpenDirectory{inside, "fence"}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{inside, "baton", ""}), 0);
  const int error = client.error_of(step::RemoveDirectory{here, "fence"});
  EXPECT_TRUE(error == ENOTEMPTY || error == EEXIST) << error;
}

TEST_P(ANameOfTheProtocol, that_we_change_is_listed_at_once) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "n" + std::to_string(round);
    ASSERT_EQ(client.error_of(step::CreateFile{here, name, ""}), 0);
    ASSERT_EQ(client.names(), Names{name});
    ASSERT_EQ(client.error_of(step::Unlink{here, name}), 0);
    ASSERT_EQ(client.names(), Names{});
  }
}

TEST_P(ANameOfTheProtocol, that_others_change_is_listed_after_a_nudge) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "n0", ""}), 0);
  for (int round = 0; round < 20; ++round) {
    const std::string name = "n" + std::to_string(round);
    const std::string next = "n" + std::to_string(round + 1);
    ASSERT_EQ(other.names(), Names{name});
    ASSERT_EQ(client.error_of(step::Rename{here, name, next}), 0);
    ASSERT_EQ(other.error_of(step::Touch{here, "", {}}), 0);
    ASSERT_EQ(other.names(), Names{next});
  }
}

TEST_P(ANameOfTheProtocol, among_many_is_listed) {
  Names expected;
  for (int number = 100; number < 500; ++number) {
    expected.push_back("some|rather|long|name|" + std::to_string(number));
    ASSERT_EQ(client.error_of(step::CreateFile{here, expected.back(), ""}), 0);
  }
  EXPECT_EQ(client.names(), expected);
  EXPECT_EQ(client.names(), expected) << "the second listing starts from the beginning";
}

TEST_P(ANameOfTheProtocol, is_listed_with_the_inode_that_a_look_shows) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{here, "another", ""}), 0);
  ASSERT_EQ(client.error_of(step::Link{here, "claim", "lock"}), 0);
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "fence", 0700}), 0);
  const Result listing = client.run(step::List{here});
  ASSERT_EQ(listing.error, 0);
  EXPECT_EQ(listing.entries.size(), 4U);
  for (const auto& [name, inode] : listing.entries) {
    EXPECT_EQ(inode, client.look(name).inode) << name;
    EXPECT_EQ(inode, other.look(name).inode) << name << ", as another client sees it";
  }
}

TEST_P(ANameOfTheProtocol, of_a_directory_is_reported_and_neither_read_nor_linked) {
  ASSERT_EQ(client.error_of(step::MakeDirectory{here, "lock", 0777}), 0);
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  EXPECT_EQ(client.look("lock").kind, FileKind::directory);
  EXPECT_NE(client.error_of(step::Read{here, "lock"}), 0);
  EXPECT_EQ(client.error_of(step::Link{here, "claim", "lock"}), EEXIST);
  EXPECT_NE(client.error_of(step::Unlink{here, "lock"}), 0);
  EXPECT_NE(client.error_of(step::Rename{here, "claim", "lock"}), 0);
}

TEST_P(ANameOfTheProtocol, of_a_file_is_not_opened_as_a_directory) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, "fence", ""}), 0);
  EXPECT_EQ(client.error_of(step::OpenDirectory{inside, "fence"}), ENOTDIR);
  EXPECT_EQ(client.error_of(step::OpenDirectory{inside, "missing"}), ENOENT);
  EXPECT_EQ(client.error_of(step::RemoveDirectory{here, "fence"}), ENOTDIR);
}

// What the simulator does not have: limits of names, and things that nobody following the protocol makes.
using AName = Conformance;

TEST_P(AName, may_be_as_long_as_the_file_system_says_and_no_longer) {
  const std::size_t limit = client.opened().name_max;
  ASSERT_GE(limit, 14U);
  EXPECT_EQ(client.error_of(step::CreateFile{here, std::string(limit, 'n'), ""}), 0);
  EXPECT_EQ(client.error_of(step::CreateFile{here, std::string(limit + 1, 'n'), ""}), ENAMETOOLONG);
}

TEST_P(AName, is_a_single_component) {
  for (const char* name : {"../claim", "/tmp", "a/b", "..", "."}) {
    EXPECT_NE(client.error_of(step::CreateFile{here, name, ""}), 0) << name;
    EXPECT_NE(client.error_of(step::Unlink{here, name}), 0) << name;
    EXPECT_NE(client.error_of(step::OpenDirectory{inside, name}), 0) << name;
  }
}

TEST_P(AName, of_a_symbolic_link_is_reported_and_never_followed) {
  ASSERT_TRUE(subject->plant(Obstacle::symlink, "link"));
  ASSERT_EQ(client.error_of(step::CreateFile{here, "claim", ""}), 0);
  const auto directory = client.look("");
  EXPECT_EQ(client.look("link").kind, FileKind::symlink);
  EXPECT_NE(client.error_of(step::Read{here, "link"}), 0);
  EXPECT_NE(client.error_of(step::OpenDirectory{inside, "link"}), 0);
  EXPECT_EQ(client.error_of(step::CreateFile{here, "link", ""}), EEXIST);
  EXPECT_EQ(client.error_of(step::Link{here, "claim", "link"}), EEXIST);
  client.run(step::Touch{here, "link", ServerTime(std::chrono::seconds(1))});
  EXPECT_EQ(client.look("").modified, directory.modified) << "the touch went through the link";
}

TEST_P(AName, of_a_dangling_symbolic_link_is_not_created_through) {
  ASSERT_TRUE(subject->plant(Obstacle::dangling_symlink, "link"));
  EXPECT_EQ(client.look("link").kind, FileKind::symlink);
  EXPECT_EQ(client.error_of(step::CreateFile{here, "link", "x"}), EEXIST);
  EXPECT_EQ(client.names(), Names{"link"});
}

TEST_P(AName, of_a_fifo_is_reported_and_never_waited_for) {
  ASSERT_TRUE(subject->plant(Obstacle::fifo, "fifo"));
  EXPECT_EQ(client.look("fifo").kind, FileKind::other);
  EXPECT_NE(client.error_of(step::Read{here, "fifo"}), 0);
  EXPECT_EQ(client.error_of(step::CreateFile{here, "fifo", ""}), EEXIST);
  EXPECT_EQ(client.error_of(step::OpenDirectory{inside, "fifo"}), ENOTDIR);
}

TEST_P(AName, of_a_file_that_could_not_be_written_is_removed_again) {
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit small{2, usual.rlim_max};
  ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_EQ(client.error_of(step::CreateFile{here, "claim", "12345"}), EFBIG);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
  EXPECT_EQ(client.names(), Names{});
}

INSTANTIATE_TEST_SUITE_P(on, ANameOfTheProtocol, ::testing::ValuesIn(all_subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(on, AName, ::testing::ValuesIn(posix_subjects()), name_of);

}  // namespace leaselock::conformance
