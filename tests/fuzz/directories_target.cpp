// `status`, and one attempt to lock, in a directory in which anything may stand. Looking changes no file; what is shown
// can be shown; of two who try one gets the lock at most; and nobody is led out of the directory.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "leaselock/leaselock.hpp"
#include "planted_directory.hpp"
#include "status_json.hpp"
#include "status_text.hpp"
#include "support.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace leaselock::fuzz {
namespace {

LockOptions options_of(std::uint8_t choice) {
  LockOptions options;
  if ((choice & 1U) != 0) options.mode = Mode::compat;
  options.mirror = (choice & 2U) == 0;
  if ((choice & 4U) != 0) options.trust = Trust::anyone;
  options.trust_server_clock = (choice & 8U) == 0;
  options.fast_path = (choice & 16U) == 0 ? FastPath::automatic : FastPath::off;
  options.timeout = Duration::zero();
  return options;
}

void show(const LockStatus& status, const LockOptions& options) {
  const tool::Palette palette(-1);
  for (const std::size_t width : {std::size_t{80}, tool::any_width}) {
    for (const std::string& line : tool::status_text(status, options, WallTime(), width, palette)) {
      require(tool::printable(line) == line, "a line can be shown", line);
    }
  }
  const std::string json = boost::json::serialize(tool::to_json(status));
  boost::json::error_code error;
  boost::json::parse(json, error);
  require(!error && tool::as_utf8(json) == json, "JSON is JSON", json);
}

void look(const PlantedDirectory& directory, const LockOptions& options) {
  const auto before = directory.state();
  std::error_code error;
  const LockStatus status = inspect(directory.lock(), options, error);
  if (!error) show(status, options);
  locks_in(directory.path(), options, error);
  require(directory.state() == before, "looking changes nothing");
}

template <class Kept>
void contend(Kept first, Kept second, auto take) {
  std::error_code one;
  std::error_code other;
  take(first, one);
  take(second, other);
  require(one || other, "one gets it at most");
  require(!one == first.may_act() && !other == second.may_act(), "who has it knows");
}

void use(const PlantedDirectory& directory, const LockOptions& options, std::uint8_t choice) {
  const auto lock = [](auto& kept, std::error_code& error) { kept.lock(Duration::zero(), error); };
  const auto all = [](Semaphore& kept, std::error_code& error) { kept.acquire(2, Duration::zero(), error); };
  const boost::filesystem::path path = directory.lock();
  const bool fenced = options.mode == Mode::fenced;
  if (fenced && choice % 4 == 1) {
    contend(Semaphore(path, 2, options), Semaphore(path, 2, options), all);
  } else if (fenced && choice % 4 == 2) {
    contend(SharedLock(path, options), SharedLock(path, options), lock);
  } else {
    contend(Lock(path, options), Lock(path, options), lock);
  }
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leaselock::fuzz;
  static PlantedDirectory directory;
  Bytes bytes(data, size);
  const std::uint8_t choice = bytes.byte();
  const auto options = options_of(choice);
  directory.plant(bytes.rest());
  look(directory, options);
  use(directory, options, static_cast<std::uint8_t>(choice >> 5U));
  look(directory, options);
  directory.require_untouched();
  return 0;
}
