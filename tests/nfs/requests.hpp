#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace leaselock::nfs {

/// NFS requests by operation, as the client's kernel counts them.
using Counts = std::map<std::string, std::uint64_t>;

/// From a line that the worker says: "ops NAME OPERATION=N ... .". Without those by which the client renews its lease
/// with the server now and then, whatever we do.
Counts counts_in(const std::string& output);

/// What a host has sent so far through its default mount of that version.
Counts sent_by(std::size_t host, const std::string& version);

Counts operator+(Counts left, const Counts& right);
Counts operator-(Counts after, const Counts& before);
Counts operator*(std::uint64_t factor, Counts counts);
std::uint64_t total(const Counts& counts);
/// "GETATTR 3, RENAME 1".
std::string in_words(const Counts& counts);

}  // namespace leaselock::nfs
