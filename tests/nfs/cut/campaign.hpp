#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace leaselock::nfs {

/// How many runs a batch has of each version. What a seed draws depends on it.
inline constexpr std::size_t at_once_per_version = 8;

struct CampaignResult {
  std::string table;  ///< in Markdown
  std::string complaints;
};

/// Cuts the network under `leaselock run` at least so many times for each NFS version, batch after batch, each with the
/// next seed. After every fourth batch comes one in which the server hangs or crashes instead, which is not counted.
CampaignResult cut_campaign(std::uint64_t seed, std::size_t cuts_per_version);

}  // namespace leaselock::nfs
