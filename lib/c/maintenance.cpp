#include "leaselock/maintenance.hpp"

#include "leaselock/c/maintenance.h"
#include "options.hpp"
#include "status.hpp"

namespace c = leaselock::c;

namespace {

/// Owned until the caller's place for it is known to be there.
std::unique_ptr<leaselock_names_t> list_of(std::vector<std::string> all) {
  auto names = std::make_unique<leaselock_names_t>();
  names->all = std::move(all);
  return names;
}

}  // namespace

int leaselock_inspect(const char* path, const leaselock_options_t* options, leaselock_status_t** status) {
  return c::make_handle(__func__, status, [&] {
    return std::make_unique<leaselock_status_t>(leaselock::inspect(c::text_of(path), c::options_of(options)));
  });
}

int leaselock_break_expired(const char* path, const leaselock_options_t* options, int* broke) {
  return c::guarded(__func__, [&] {
    const bool did = leaselock::break_expired(c::text_of(path), c::options_of(options));
    if (broke != nullptr) *broke = did ? 1 : 0;
  });
}

int leaselock_unsafe_break(const char* path, const leaselock_options_t* options, int* broke) {
  return c::guarded(__func__, [&] {
    const bool did = leaselock::unsafe_break(c::text_of(path), c::options_of(options));
    if (broke != nullptr) *broke = did ? 1 : 0;
  });
}

int leaselock_clean(const char* path, const leaselock_options_t* options, leaselock_names_t** removed, size_t* kept) {
  if (removed != nullptr) *removed = nullptr;
  return c::guarded(__func__, [&] {
    leaselock::Cleaned cleaned = leaselock::clean(c::text_of(path), c::options_of(options));
    if (kept != nullptr) *kept = cleaned.kept;
    if (removed != nullptr) *removed = list_of(std::move(cleaned.removed)).release();
  });
}

int leaselock_locks_in(const char* directory, const leaselock_options_t* options, leaselock_names_t** paths) {
  return c::make_handle(__func__, paths, [&] {
    std::vector<std::string> all;
    for (const auto& path : leaselock::locks_in(c::text_of(directory), c::options_of(options))) {
      all.push_back(path.string());
    }
    return list_of(std::move(all));
  });
}
