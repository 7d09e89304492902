#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contestant.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::faults {

/// A lock's directory with who is in it.
struct Stage {
  explicit Stage(Way taken) : way(taken) {}

  Way way;
  testing::TemporaryDirectory directory;
  boost::filesystem::path path = directory / "lock";
  std::unique_ptr<Contestant> other = nullptr;  ///< if it is there it holds the path against everybody
  std::unique_ptr<Contestant> subject = nullptr;
};

/// Something to do with a lock, whose system calls are to fail.
struct Deed {
  std::string name;
  void (*prepare)(Stage&);
  void (*act)(Stage&);
};

/// All that can be done to a path that is owned in this way.
std::vector<Deed> deeds_of(Way way);

}  // namespace leaselock::faults
