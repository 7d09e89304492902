#pragma once

#include <gtest/gtest.h>

#include <string>

#include "contestant.hpp"

namespace leaselock::faults {

/// For suites that run once for each way to own a path.
inline const auto every_way =
    ::testing::Values(Way::fenced, Way::without_mirror, Way::without_fast_path, Way::for_a_group, Way::compat,
                      Way::one_slot, Way::two_slots, Way::writer, Way::reader);

inline std::string name_of_way(const ::testing::TestParamInfo<Way>& way) { return to_string(way.param); }

}  // namespace leaselock::faults
