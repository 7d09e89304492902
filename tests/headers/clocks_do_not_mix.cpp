#include <chrono>

#include "leaselock/lease_time.hpp"

// Goal: comparing or subtracting times of two different clocks is a compile error (docs/protocol.md section 4).
// Method: ask the compiler whether the expression would be valid.
namespace {

template <class A, class B>
concept comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept apart = !comparable<A, B> && !subtractable<A, B> && !subtractable<B, A>;

using SystemTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

static_assert(comparable<leaselock::LeaseTime, leaselock::LeaseTime>);
static_assert(apart<leaselock::LeaseTime, leaselock::ServerTime>);
static_assert(apart<leaselock::LeaseTime, leaselock::WallTime>);
static_assert(apart<leaselock::LeaseTime, SystemTime>);
static_assert(apart<leaselock::LeaseTime, SteadyTime>);
static_assert(apart<leaselock::ServerTime, leaselock::WallTime>);
static_assert(apart<leaselock::ServerTime, SystemTime>);

}  // namespace
