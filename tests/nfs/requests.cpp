#include "requests.hpp"

#include <sstream>

#include "shared_cluster.hpp"

namespace leaselock::nfs {

Counts counts_in(const std::string& output) {
  Counts counts;
  std::istringstream words(output.substr(output.find("ops ")));
  for (std::string word; words >> word;) {
    if (const auto equals = word.find('='); equals != std::string::npos) {
      counts[word.substr(0, equals)] = std::stoull(word.substr(equals + 1));
    }
  }
  for (const char* aside : {"RENEW", "SEQUENCE"}) counts.erase(aside);
  return counts;
}

Counts sent_by(std::size_t host, const std::string& version) {
  const auto mount = mounted(host, version, mount_kinds().front());
  return counts_in(shared_cluster().host(host).must_run({LEASELOCK_NFS_WORKER, "ops", mount.string()}));
}

Counts operator+(Counts left, const Counts& right) {
  for (const auto& [operation, count] : right) left[operation] += count;
  return left;
}

Counts operator-(Counts after, const Counts& before) {
  for (const auto& [operation, count] : before) after[operation] -= count;
  std::erase_if(after, [](const auto& entry) { return entry.second == 0; });
  return after;
}

Counts operator*(std::uint64_t factor, Counts counts) {
  for (auto& [operation, count] : counts) count *= factor;
  return counts;
}

std::uint64_t total(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [operation, count] : counts) sum += count;
  return sum;
}

std::string in_words(const Counts& counts) {
  std::string text;
  for (const auto& [operation, count] : counts) {
    text += (text.empty() ? "" : ", ") + operation + ' ' + std::to_string(count);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace leaselock::nfs
