#pragma once

#include <string>

#include "batch_record.hpp"

namespace leaselock::nfs {

/// The record for picture.py, which draws it. Times are seconds since the first run began.
std::string to_json(const BatchRecord& record, const std::string& title);

}  // namespace leaselock::nfs
