#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "bench_lock.hpp"

namespace leaselock::test {

/// Locks without mirror and gate, whose waiters stand in the queue.
class Queue : public testing::Test {
 protected:
  void pretend_network(Contender& contender) {
    contender.interceptor = [&contender](const protocol::Step& step) -> std::optional<protocol::Result> {
      protocol::Result result = contender.really(step);
      result.local = false;
      return result;
    };
  }
  std::vector<std::string> in_fence() const {
    std::vector<std::string> names;
    for (const auto& entry : boost::filesystem::directory_iterator(path.string() + "|fence"))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  std::size_t tickets() const {
    const auto names = in_fence();
    return static_cast<std::size_t>(
        std::ranges::count_if(names, [](const auto& name) { return name.starts_with("q|"); }));
  }
  std::string baton() const { return in_fence().front(); }
  /// A ticket that was there before everybody's.
  boost::filesystem::path plant_ticket(std::int64_t stamp_ns = 1) const {
    protocol::Ticket ticket;
    ticket.stamp_ns = stamp_ns;
    ticket.owner = protocol::Owner{"elsewhere", 1, "0123456789abcdef", 1, std::string(32, 'a')};
    boost::filesystem::path made =
        boost::filesystem::path(path.string() + "|fence") / protocol::Names("L", "|").ticket(ticket);
    boost::filesystem::create_directory(made);
    return made;
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory.path() / "L";
  protocol::Settings settings = [this] {
    protocol::Settings made = settings_for(path);
    made.gate = false;
    made.mirror = false;
    return made;
  }();
};

}  // namespace leaselock::test
