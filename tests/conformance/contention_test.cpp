// Goal: one rename of one name is won by exactly one process, however many try (protocol.md 21.3).
// Method: processes with handles of their own list the directory and rename the one file from number n to n + 1,
// telling the parent which numbers they won. Every number must have been won once. The simulator has no processes;
// its explorer tries every order instead.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "fixture.hpp"

namespace leaselock::conformance {

namespace {

constexpr int processes = 6;
constexpr int transitions = 3000;

std::string baton(int number) { return "b|0|" + std::to_string(number); }

/// Ends when the last number is there. Returns false when something happened that must not.
bool compete(Client& client, int report) {
  while (true) {
    const Result listing = client.run(step::List{here});
    if (listing.error != 0) return false;
    if (listing.entries.size() != 1) continue;  // a listing taken during a rename may show neither name, or both
    const std::string& seen = listing.entries.front().name;
    const int number = std::stoi(seen.substr(4));
    if (number == transitions) return true;
    const int error = client.error_of(step::Rename{here, seen, baton(number + 1)});
    if (error == ENOENT) continue;
    if (error != 0 || ::write(report, &number, sizeof number) != sizeof number) return false;
  }
}

}  // namespace

using ManyProcesses = Conformance;

TEST_P(ManyProcesses, renaming_one_file_win_each_number_exactly_once) {
  ASSERT_EQ(client.error_of(step::CreateFile{here, baton(0), ""}), 0);
  int channel[2];
  ASSERT_EQ(::pipe(channel), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    ASSERT_NE(child, -1);
    if (child == 0) {
      ::close(channel[0]);
      Client own = another();
      ::_exit(compete(own, channel[1]) ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(channel[1]);
  std::map<int, int> wins;
  int number = 0;
  while (::read(channel[0], &number, sizeof number) == sizeof number) ++wins[number];
  ::close(channel[0]);
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(wins.size(), static_cast<std::size_t>(transitions));
  for (const auto& [won, times] : wins) EXPECT_EQ(times, 1) << "number " << won;
}

TEST_P(ManyProcesses, renaming_prepared_directories_onto_one_name_publish_exactly_one) {
  for (int round = 0; round < 30; ++round) {
    const std::string published = "fence" + std::to_string(round);
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
      const pid_t child = ::fork();
      ASSERT_NE(child, -1);
      if (child == 0) {
        Client own = another();
        const std::string boot = "boot" + std::to_string(i);
        const bool prepared = own.error_of(step::MakeDirectory{here, boot, 0777}) == 0 &&
                              own.error_of(step::OpenDirectory{Place::boot, boot}) == 0 &&
                              own.error_of(step::CreateFile{Place::boot, "baton", ""}) == 0;
        const int error = prepared ? own.error_of(step::Rename{here, boot, published}) : -1;
        if (error == 0) ::_exit(1);
        const bool undone = own.error_of(step::Unlink{Place::boot, "baton"}) == 0 &&
                            own.error_of(step::RemoveDirectory{here, boot}) == 0;
        ::_exit(undone && (error == ENOTEMPTY || error == EEXIST) ? 0 : 2);
      }
      children.push_back(child);
    }
    int winners = 0;
    for (const pid_t child : children) {
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 2);
      winners += WEXITSTATUS(status);
    }
    EXPECT_EQ(winners, 1) << "round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(on, ManyProcesses, ::testing::ValuesIn(posix_subjects()), name_of);

}  // namespace leaselock::conformance
