#pragma once

#include <functional>
#include <thread>

namespace leaselock::ports {

/// Starts a thread that receives none of the program's signals, so that its handlers run elsewhere and what it waits
/// for is not interrupted. Throws: std::system_error when the system has no thread for us.
std::thread start_quiet_thread(std::function<void()> body);

}  // namespace leaselock::ports
