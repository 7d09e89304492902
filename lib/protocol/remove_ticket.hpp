#pragma once

#include <string>

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// Removes a place in the queue (7.2) or a reader's name (9.2). A ticket is what costs least to make and to remove:
/// over a network a directory, which is one request each, on a local file system an empty file. A file server's own
/// processes make files where its clients make directories, so the kind that was not expected is removed as well.
class RemoveTicket {
 public:
  Next start(bool local, std::string name);
  Next resume(const Result& result);
  /// What the file system said; a ticket that is gone is no error.
  int error() const { return error_; }
  bool was_gone() const { return was_gone_; }

 private:
  Next remove() const;

  bool is_file_ = false;
  bool other_kind_ = false;
  std::string name_;
  int error_ = 0;
  bool was_gone_ = false;
};

}  // namespace leaselock::protocol
