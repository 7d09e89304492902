#include <boost/asio/io_context.hpp>
#include <boost/filesystem/path.hpp>
#include <leaselock/async_lock.hpp>
#include <leaselock/async_pool.hpp>

bool works_on_asio(const boost::filesystem::path& lockfile) {
  bool worked = false;
  {
    boost::asio::io_context context;
    leaselock::AsyncLock lock(context, lockfile);
    lock.async_lock([&](boost::system::error_code failed_to_lock) {
      const bool may_act = !failed_to_lock && lock.may_act();
      lock.async_unlock(
          [&worked, may_act](boost::system::error_code failed_to_unlock) { worked = may_act && !failed_to_unlock; });
    });
    context.run();
  }
  leaselock::async_pool().join();
  return worked;
}
