// Goal: names and paths of the greatest length either work or are refused before anything is made.
#include <sys/stat.h>

#include <climits>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace testing;

class Limits : public Attack {};

INSTANTIATE_TEST_SUITE_P(of, Limits, all_kinds, name_of_kind);

TEST_P(Limits, a_lock_name_of_any_length_works_or_is_refused_and_leaves_nothing) {
  for (std::size_t length = 1; length <= NAME_MAX + 1; ++length) {
    const auto lock = make_lock(GetParam(), directory / std::string(length, 'n'));
    const std::error_code error = lock->take();
    if (error) {
      EXPECT_EQ(error, Errc::name_too_long) << length << ": " << error.message();
      EXPECT_EQ(directory.names(), std::vector<std::string>{}) << length;
      continue;
    }
    EXPECT_FALSE(lock->refresh()) << length;
    EXPECT_FALSE(lock->give_back()) << length;
    for (fs::directory_iterator entry(directory.path()), end; entry != end; ++entry) fs::remove_all(entry->path());
  }
}

TEST_P(Limits, names_that_are_not_utf_8_or_look_like_something_else_work) {
  for (const std::string name : {"\xFF\xFE", "a\nb", "\x1B[2J", " ", "-rf", "lock-fence", "~", "fence"}) {
    const auto lock = make_lock(GetParam(), directory / name);
    EXPECT_FALSE(lock->take()) << name;
    EXPECT_FALSE(lock->refresh()) << name;
    const LockStatus status = inspect(directory / name, options_of(GetParam()));
    EXPECT_EQ(status.problem, "") << name;
    EXPECT_FALSE(lock->give_back()) << name;
  }
}

TEST_P(Limits, a_path_at_path_max_works_and_a_longer_one_is_refused) {
  const fs::path start = fs::current_path();
  // Deeper than any path can name, which only relative steps can make.
  fs::current_path(directory.path());
  std::string path = directory.path().string();
  const std::string part(100, 'd');
  while (path.size() + 1 + part.size() + 60 < PATH_MAX) {
    ASSERT_EQ(::mkdir(part.c_str(), 0755), 0);
    fs::current_path(part);
    path += "/" + part;
  }
  fs::current_path(start);
  // The directory itself just fits; names of ours in it are longer than a path may be, which must not matter.
  const std::string rest(PATH_MAX - 1 - path.size() - 1, 'e');
  const std::string full = path + "/" + rest;
  ASSERT_EQ(full.size(), static_cast<std::size_t>(PATH_MAX - 1));
  ASSERT_LE(rest.size(), static_cast<std::size_t>(NAME_MAX));
  ASSERT_EQ(::mkdir(full.c_str(), 0755), 0);
  const auto fits = make_lock(GetParam(), fs::path(full) / "lock");
  EXPECT_FALSE(fits->take());
  EXPECT_FALSE(fits->refresh());
  EXPECT_FALSE(fits->give_back());
  const auto too_long = make_lock(GetParam(), fs::path(full + "f") / "lock");
  EXPECT_EQ(too_long->take(), std::errc::filename_too_long);
}

}  // namespace
}  // namespace leaselock
