// Goal: how much is in a file, and what, costs us nothing and moves us to nothing. Method: files of gigabytes with
// holes, and of bytes that are no text, at each name that could be read.
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

constexpr off_t huge = off_t{8} << 30;

class Contents : public Attack {
 protected:
  static void make_huge(const fs::path& path) {
    std::ofstream(path.string()).flush();
    ASSERT_EQ(::truncate(path.c_str(), huge), 0);
    set_modified(path, long_ago);
  }
  /// In a child that may have little memory and little time.
  std::string attempt() const {
    Child user = Child::running([&](Channel& channel) {
      const rlimit seconds{20, 20};
      ::setrlimit(RLIMIT_CPU, &seconds);
      const auto one = lock();
      std::error_code error = one->take();
      one->give_back();
      std::error_code ignored;
      inspect(path(), options_of(GetParam()), ignored);
      clean(path(), options_of(GetParam()), ignored);
      rusage used{};
      ::getrusage(RUSAGE_SELF, &used);
      channel.say(error ? error.message() : "taken");
      channel.say(std::to_string(used.ru_maxrss));
    });
    const std::string outcome = user.hear().value_or("no answer");
    // A sanitizer has some use for memory itself; gigabytes would be the file.
    EXPECT_LT(std::stol(user.hear().value_or("0")), 2'000'000) << "kibibytes";
    return outcome;
  }
  static std::string not_a_lock_file() { return make_error_code(Errc::not_a_lock_file).message(); }
};

INSTANTIATE_TEST_SUITE_P(of, Contents, all_kinds, name_of_kind);

TEST_P(Contents, of_gigabytes_are_not_read) {
  for (const std::string name : {"lock", "lock|gate", "lock|host|4711|123", "lock|fence"}) {
    SCOPED_TRACE(name);
    make_huge(directory / name);
    const std::string outcome = attempt();
    const bool is_lock_file = name == "lock" && has_lock_file();
    const bool is_fence = name == "lock|fence" && has_fence();
    EXPECT_EQ(outcome == not_a_lock_file(), is_lock_file) << outcome;
    EXPECT_EQ(outcome == "taken", !is_lock_file && !is_fence) << outcome;
    // clean() removes the gate with the rest.
    if (name != "lock|gate") {
      EXPECT_EQ(fs::file_size(directory / name), static_cast<std::uintmax_t>(huge));
      fs::remove(directory / name);
    }
    fs::remove_all(fence());
  }
}

TEST_P(Contents, that_are_no_text_name_no_claim) {
  if (!has_lock_file()) GTEST_SKIP() << "nobody reads a lock file";
  const std::string claim = "lock|host|4711|123";
  for (const std::string& text :
       {std::string(4096, '\0'), std::string(100'000, '\xFF'), claim + '\n', claim + '\0', '\0' + claim,
        claim + std::string(5000, '/'), std::string(4096, '/') + claim, "/" + claim + "/",
        std::string("lock|ho\x1B[2Jst|4711|123"), std::string("\xC3\x28|host|1|2"),
        std::string("lock|host|4711|") + std::string(4000, '9') + "/"}) {
    const Witness file(path(), text);
    EXPECT_EQ(lock()->take(), Errc::not_a_lock_file) << text.substr(0, 100);
    file.expect_untouched();
  }
}

TEST_P(Contents, of_batons_and_tickets_mean_nothing) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const auto one = lock();
  ASSERT_FALSE(one->take());
  ASSERT_FALSE(one->give_back());
  make_huge(baton());
  EXPECT_EQ(attempt(), "taken");
}

TEST_P(Contents, of_a_directory_of_many_files_are_gone_through) {
  for (int number = 0; number < 20'000; ++number) {
    std::ofstream((directory / ("lock|x" + std::to_string(number))).string());
  }
  EXPECT_EQ(attempt(), "taken");
}

}  // namespace
}  // namespace leaselock
