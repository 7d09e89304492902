#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "leaselock/options.hpp"

namespace leaselock {

/// For GoogleTest's messages.
inline void PrintTo(Mode mode, std::ostream* out) { *out << (mode == Mode::fenced ? "fenced" : "compat"); }

}  // namespace leaselock

namespace leaselock::testing {

/// For suites that run in both modes: the words that stand in the names of their tests.
inline std::string name_of_mode(const ::testing::TestParamInfo<Mode>& mode) {
  return mode.param == Mode::fenced ? "fenced_mode" : "compat_mode";
}

inline const auto both_modes = ::testing::Values(Mode::fenced, Mode::compat);

}  // namespace leaselock::testing
