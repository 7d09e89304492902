#pragma once

#include <boost/filesystem/path.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// What is known when something goes wrong, for telling people.
struct Circumstances {
  boost::filesystem::path lockfile;
  Duration lifetime{};
  Duration smallest_lifetime{};
  std::size_t name_max = 0;
  std::optional<Holder> holder;
  std::string fence;
  std::string wanted;                      ///< what the path was taken for, in words
  std::string found;                       ///< and what it is used for
  std::optional<std::uint32_t> to_resize;  ///< wanted so many slots where a semaphore has others
};

/// The particulars of an error and the next thing to do, in a sentence or two; empty when its message says it all.
std::string explain(std::error_code error, const Circumstances& circumstances);

/// A holder in words: "host w3, pid 4711, until 2026-11-21 08:15:30.250 +0100, token 17".
std::string describe(const Holder& holder);

}  // namespace leaselock
