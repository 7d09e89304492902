#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/filesystem/path.hpp>
#include <optional>
#include <string>

#include "leaselock/options.hpp"

namespace leaselock::tool {

/// Says on standard error whom we wait for. On a terminal one line that is kept up to date and goes away afterwards;
/// elsewhere one plain line after a few seconds. Must live as long as the io_context runs.
class WaitLine {
 public:
  WaitLine(boost::asio::io_context& io, boost::filesystem::path lockfile, std::optional<Duration> timeout);
  WaitLine(const WaitLine&) = delete;
  WaitLine& operator=(const WaitLine&) = delete;

  /// What lock() knew at its last look.
  void update(const Waiting& waiting);
  /// Takes the line off the screen, and shows none any more.
  void clear();

 private:
  void show();
  void draw();
  void schedule();
  std::string holder_in_words() const;

  boost::filesystem::path lockfile_;
  std::optional<Duration> timeout_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point started_;
  std::optional<Waiting> waiting_;
  bool live_;
  bool drawn_ = false;
  bool finished_ = false;
};

}  // namespace leaselock::tool
