#pragma once

#include <functional>
#include <optional>
#include <string_view>

/// The system calls that leaselock makes in this program. The linker leads every call of the C library's functions that
/// lib/posix uses through here first (its option --wrap; the list is in CMakeLists.txt), so a test can see each of them
/// just before it is made, and let it fail.
namespace leaselock::faults {

/// What happens to a call instead of what the kernel would do.
struct Fault {
  int error = 0;
  /// The call is performed all the same, and only its answer is lost: as on a network file system.
  bool acted = false;
};

struct Call {
  std::string_view name;  ///< of the C library's function
  bool changes = false;   ///< it leaves something behind, so its answer can be lost
  bool waits = false;     ///< a signal may interrupt it before it has done anything
  bool own_thread = true;
};

/// While it lives, `decide` is asked before each call. It may do anything, fork and raise signals included; calls that
/// it makes itself are not shown to it. One at a time.
class Interception {
 public:
  using Decide = std::function<std::optional<Fault>(const Call&)>;

  explicit Interception(Decide decide);
  ~Interception();
  Interception(const Interception&) = delete;
  Interception& operator=(const Interception&) = delete;

  /// What happens to this call.
  std::optional<Fault> ask(Call call) const;

 private:
  Decide decide_;
  long thread_;
};

/// For the wrapped functions.
std::optional<Fault> fault_of(Call call);

}  // namespace leaselock::faults
