#include <gtest/gtest.h>

#include "explorer.hpp"

/// Exhaustive exploration of small configurations: no interleaving and no placement of their faults breaks a promise.
namespace leaselock::sim {
namespace {

class EveryInterleaving : public testing::TestWithParam<Configuration> {};

TEST_P(EveryInterleaving, KeepsWhatIsPromised) {
  const Exploration found = explore(GetParam());
  RecordProperty("states", std::to_string(found.states));
  std::string trace;
  for (const std::string& line : found.trace) trace += line + '\n';
  EXPECT_FALSE(found.violation) << *found.violation << '\n' << trace;
  EXPECT_TRUE(found.complete || found.violation) << "more than " << GetParam().most_states << " states";
}

INSTANTIATE_TEST_SUITE_P(Configurations, EveryInterleaving, testing::ValuesIn(configurations()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace

void PrintTo(const Configuration& configuration, std::ostream* out) { *out << configuration.name; }

}  // namespace leaselock::sim
