#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "asio/waiting_handler.hpp"

namespace leaselock {

/// The handlers that wait for operations of the locks of one context (kept_by_context.hpp). The operations run
/// elsewhere, on the pool, and may end when the context is long gone; so the handlers are kept here, and go when the
/// context goes. Thread safety: any thread.
class WaitingHandlers {
 public:
  using Number = std::uint64_t;

  /// Never zero.
  Number add(WaitingHandler handler);
  /// Posts it; nothing happens when it has gone with its context.
  void complete(Number number, boost::system::error_code error);
  /// Destroys all handlers, and from now on each one that comes.
  void close();

 private:
  std::mutex mutex_;
  bool closed_ = false;
  Number last_ = 0;
  std::unordered_map<Number, WaitingHandler> handlers_;
};

}  // namespace leaselock
