#pragma once

#include <boost/asio/execution_context.hpp>
#include <memory>

namespace leaselock {

/// One T for each context, closed when that goes. Shared, because operations may end after it.
template <class T>
class KeptByContext : public boost::asio::execution_context::service {
 public:
  using key_type = KeptByContext;
  static inline boost::asio::execution_context::id id;

  explicit KeptByContext(boost::asio::execution_context& context) : boost::asio::execution_context::service(context) {}

  static std::shared_ptr<T> of(boost::asio::execution_context& context) {
    return boost::asio::use_service<KeptByContext>(context).kept_;
  }

 private:
  void shutdown() override { kept_->close(); }

  std::shared_ptr<T> kept_ = std::make_shared<T>();
};

}  // namespace leaselock
