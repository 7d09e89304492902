#include <algorithm>
#include <sstream>

#include "support/cli_test.hpp"

// Goal: the command explains itself, and says what is wrong with a command line. Method: real command lines.
namespace leaselock::cli_test {
namespace {

class Usage : public CliTest {};

void expect_fits_a_screen(const std::string& text, const std::string& what) {
  EXPECT_LE(lines(text), 24U) << what << ":\n" << text;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) EXPECT_LE(line.size(), 80U) << what << ": " << line;
}

TEST_F(Usage, HelpOfTheProgramFitsAScreenAndNamesEveryCommand) {
  const Result result = run({"--help"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  expect_fits_a_screen(result.out, "leaselock --help");
  for (const char* command : {"run", "status", "top", "break", "clean", "resize", "doctor", "verify", "Examples:"}) {
    EXPECT_TRUE(contains(result.out, command)) << command;
  }
}

TEST_F(Usage, HelpOfEveryCommandFitsAScreenAndHasAnExample) {
  for (const char* command : {"run", "status", "top", "break", "clean", "resize", "doctor", "verify"}) {
    const Result result = run({command, "--help"});
    EXPECT_EQ(result.status, 0);
    expect_fits_a_screen(result.out, command);
    EXPECT_TRUE(contains(result.out, "Usage: leaselock " + std::string(command)));
    EXPECT_TRUE(contains(result.out, "Example"));
    EXPECT_TRUE(contains(result.out, "Exit status"));
  }
}

TEST_F(Usage, VersionIsOneLine) {
  const Result result = run({"--version"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(result.out.starts_with("leaselock 0.")) << result.out;
  EXPECT_EQ(lines(result.out), 1U);
}

TEST_F(Usage, WithoutArgumentsItShowsItsHelpAsAnError) {
  const Result result = run({});
  EXPECT_EQ(result.status, 64);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, "Usage: leaselock"));
}

struct Mistake {
  Words words;
  std::string expected;
};

TEST_F(Usage, MistakesAreNamedInTwoLinesAndNothingIsWritten) {
  const std::string lock = lockfile();
  const Mistake mistakes[] = {
      {{"frobnicate"}, "frobnicate"},
      {{"run"}, "LOCK"},
      {{"run", lock}, "no command"},
      {{"run", lock, "--"}, "no command"},
      {{"run", "--", "true"}, "LOCK"},
      {{"run", "--lifetime", "soon", lock, "true"}, "'soon' is not a length of time"},
      {{"run", "--lifetime", "-5s", lock, "true"}, "'-5s' is not a length of time"},
      {{"run", "--timeout", "1h30", lock, "true"}, "'1h30' is not a length of time"},
      {{"run", "--timeout", "5s", "--no-wait", lock, "true"}, "--no-wait"},
      {{"run", "--compat", "--no-mirror", lock, "true"}, "--compat"},
      {{"run", "--frobnicate", lock, "true"}, "unknown option --frobnicate"},
      {{"run", lock, "--frobnicate", "true"}, "unknown option --frobnicate"},
      {{"run", "--slots", "0", lock, "true"}, "--slots"},
      {{"run", "--slots", "few", lock, "true"}, "--slots"},
      {{"run", "--slots", "1025", lock, "true"}, "--slots"},
      {{"run", "--take", "2", lock, "true"}, "--slots"},
      {{"run", "--slots", "2", "--take", "3", lock, "true"}, "--take"},
      {{"run", "--slots", "2", "--take", "2", "--unfair", lock, "true"}, "--unfair"},
      {{"run", "--slots", "2", "--compat", lock, "true"}, "--compat"},
      {{"run", "--slots", "2", "--destroy", lock, "true"}, "--destroy"},
      {{"run", "--slots", "2", "--shared", lock, "true"}, "--shared"},
      {{"run", "--slots", "2", "--exclusive", lock, "true"}, "--exclusive"},
      {{"run", "--shared", "--exclusive", lock, "true"}, "--exclusive"},
      {{"run", "--shared", "--compat", lock, "true"}, "--compat"},
      {{"run", "--markers", "/tmp", lock, "true"}, "--name"},
      {{"run", "--name", "job", lock, "true"}, "--markers"},
      {{"run", "--markers", "/tmp", "--name", "a/b", lock, "true"}, "'a/b' is not a name"},
      {{"resize", lock}, "N"},
      {{"resize", lock, "0"}, "N"},
      {{"status"}, "LOCK"},
      {{"top"}, "DIR"},
      {{"top", "--interval", "1ms", lock}, "at least 100ms"},
      {{"break"}, "LOCK"},
      {{"break", lock, "other"}, "other"},
      {{"clean"}, "LOCK"},
      {{"doctor"}, "DIR"},
      {{"doctor", "a", "b"}, "b"},
  };
  for (const Mistake& mistake : mistakes) {
    const Result result = run(mistake.words);
    EXPECT_EQ(result.status, 64) << mistake.expected << "\n" << result.err;
    EXPECT_TRUE(contains(result.err, mistake.expected)) << result.err;
    EXPECT_TRUE(contains(result.err, "--help")) << result.err;
    EXPECT_EQ(lines(result.err), 2U) << result.err;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(Usage, ValuesThatTheLockRefusesAreAUsageErrorToo) {
  for (const Words& words :
       {Words{"run", "--lifetime", "0s", lockfile(), "true"}, Words{"run", "--lifetime", "1ms", lockfile(), "true"},
        Words{"run", "--separator", "a", lockfile(), "true"}, Words{"run", "--separator", "", lockfile(), "true"}}) {
    const Result result = run(words);
    EXPECT_EQ(result.status, 64) << words[1] << words[2] << "\n" << result.err;
    EXPECT_FALSE(result.err.empty());
  }
}

}  // namespace
}  // namespace leaselock::cli_test
