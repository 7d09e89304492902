#include <boost/filesystem.hpp>
#include <iostream>
#include <leaselock/leaselock.hpp>
#include <mutex>

bool works_on_asio(const boost::filesystem::path& lockfile);

namespace {

/// Exceptions are caught as what they are when the library that threw them is another file.
bool catches(const boost::filesystem::path& lockfile) {
  leaselock::Lock held(lockfile);
  const std::scoped_lock hold(held);
  leaselock::Lock second(lockfile);
  bool as_time_out = false;
  bool as_own_base = false;
  bool as_standard_base = false;
  try {
    second.lock(leaselock::Duration::zero());
  } catch (const leaselock::TimeOutError& error) {
    as_time_out = error.code() == leaselock::Errc::timed_out;
  }
  try {
    held.lock();
  } catch (const leaselock::LockError& error) {
    as_own_base = error.code() == leaselock::Errc::already_locked && error.lockfile() == lockfile;
  }
  try {
    second.unlock();
  } catch (const std::system_error& error) {
    as_standard_base = error.code() == leaselock::Errc::not_locked;
  }
  return as_time_out && as_own_base && as_standard_base;
}

}  // namespace

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
  if (!catches(directory / "caught.lock")) status = 2;
  if (!works_on_asio(directory / "async.lock")) status = 3;
  boost::filesystem::remove_all(directory);
  return status;
}
