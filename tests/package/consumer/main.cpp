#include <boost/filesystem.hpp>
#include <iostream>
#include <leaselock/leaselock.hpp>
#include <mutex>

// What a first user writes: lock, work, unlock, in a directory of its own.
int main() {
  const auto directory = boost::filesystem::temp_directory_path() / boost::filesystem::unique_path();
  boost::filesystem::create_directory(directory);
  int status = 1;
  {
    leaselock::Lock lock(directory / "job.lock");
    const std::scoped_lock hold(lock);
    if (lock.may_act() && lock.fencing_token()) status = 0;
    std::cout << "token " << lock.fencing_token().value_or(0) << '\n';
  }
  boost::filesystem::remove_all(directory);
  return status;
}
