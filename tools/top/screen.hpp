#pragma once

#include <termios.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leaselock::tool::top {

/// The terminal, taken for a full-screen view and given back as it was: by the destructor at the latest. Never waits
/// for a terminal that takes nothing, so that signals are acted on: what it missed is drawn later.
class Screen {
 public:
  /// Opens the terminal that standard output is, anew: who started us must not find its own descriptor non-blocking.
  /// Throws: std::system_error.
  explicit Screen(boost::asio::io_context& io);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Takes the terminal. Again, where it was given back or somebody else may have changed it: everything is drawn anew.
  void take();
  /// Gives it back as it was.
  void give_back() noexcept;

  std::size_t width();
  std::size_t height();
  /// The size has changed: what the terminal shows now is unknown.
  void forget();
  /// Sends the lines that changed.
  void show(std::vector<std::string> lines);
  /// Begins to read. Each callback has what was typed, or nothing when the terminal is gone.
  void on_typed(std::function<void(std::string_view)> callback);

 private:
  void send();
  void read_next();

  boost::asio::posix::stream_descriptor terminal_;
  termios before_{};
  bool is_ours_ = false;
  bool is_begun_ = false;
  bool is_sending_ = false;
  bool is_unknown_ = true;          ///< what the terminal shows
  std::vector<std::string> shown_;  ///< when everything is sent
  std::vector<std::string> wanted_;
  std::string output_;  ///< what is being sent
  std::array<char, 256> typed_{};
  std::function<void(std::string_view)> callback_;
};

}  // namespace leaselock::tool::top
