#pragma once

#include <gtest/gtest.h>

#include <string>

namespace leaselock::nfs {

/// For the names of tests with an NFS version as their parameter: "v41".
inline std::string version_name(const testing::TestParamInfo<std::string>& version) {
  std::string name = "v" + version.param;
  std::erase(name, '.');
  return name;
}

}  // namespace leaselock::nfs
