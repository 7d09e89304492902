#include <exception>
#include <iostream>
#include <map>
#include <string>

#include "commands.hpp"

// What runs on the hosts of the test cluster. It writes its record as lines on standard output, each in one write(2),
// and needs nothing of the host but the lock's directory.
namespace {

constexpr int exit_usage = 64;
constexpr int exit_software = 70;

constexpr const char* usage =
    "usage: leaselock_nfs_worker contend LOCKFILE [--name NAME]\n"
    "         [--mode fenced|fenced-no-mirror|compat|slots-N|shared]\n"
    "         [--lifetime SECONDS] [--timeout SECONDS] [--hold MIN..MAX] [--idle MIN..MAX] (ms)\n"
    "         [--seconds SECONDS] [--holds N] [--refresh] [--destroy-chance P] [--seed N] [--trace FILE]\n"
    "         [--drift-ppm N] [--distrust-server-clock]\n"
    "       leaselock_nfs_worker cycle LOCKFILE --operation lock-unlock|refresh|failed-attempt [--mode MODE]\n"
    "         [--lifetime SECONDS] [--count N] [--warm N]\n"
    "       leaselock_nfs_worker ops MOUNTPOINT\n"
    "       leaselock_nfs_worker clock set SECONDS | drift PPM | read\n";

}  // namespace

int main(int count, char** words) {
  using namespace leaselock::nfs;
  const std::map<std::string, int (*)(Arguments)> commands{
      {"contend", contend}, {"cycle", cycle}, {"ops", ops}, {"clock", clock}};
  try {
    const auto command = commands.find(count > 1 ? words[1] : "");
    if (command == commands.end()) throw UsageError("which command?");
    return command->second(Arguments(count - 2, words + 2));
  } catch (const UsageError& error) {
    std::cerr << "leaselock_nfs_worker: " << error.what() << '\n' << usage;
    return exit_usage;
  } catch (const std::exception& error) {
    std::cerr << "leaselock_nfs_worker: " << error.what() << '\n';
    return exit_software;
  }
}
