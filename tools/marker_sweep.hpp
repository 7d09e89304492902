#pragma once

#include "marker_file.hpp"
#include "marker_text.hpp"

namespace leaselock::tool {

/// How the markers of others are judged.
struct MarkerSweep {
  FileStamp now{};              ///< the server's clock
  MarkerText ours;              ///< what we wait for, or hold
  bool look_at_all = true;      ///< otherwise only at those that look old, which costs others fewer requests
  bool judge_processes = true;  ///< those of this host whose process is gone are over
};

/// Removes from the directory of our marker what others with the same NAME left that are over. Three things prove
/// that, and each is enough:
///
///  * It was not touched for three quarters of its lifetime, by the server's clock. One that lives touches it each
///    quarter; one that only stood still makes it anew.
///  * Its process ran on this host and is gone.
///  * We hold what it held, with a greater token.
///
/// A marker's name never recurs, so what is removed by name is what was looked at. A file whose name is not exactly a
/// marker's is left alone, and so is what cannot be looked at or removed.
void remove_what_is_over(const MarkerFile& ours, const MarkerSweep& sweep);

}  // namespace leaselock::tool
