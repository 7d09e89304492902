#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "failure.hpp"

namespace leaselock::c {

/// What every handle that a caller owns begins with, so that a wrong pointer from another language, which has no types
/// to stop it, is refused; and often one that was freed, although nobody can promise that.
template <std::uint64_t mark>
class Marked {
 public:
  Marked() = default;
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;
  ~Marked() { mark_ = 0; }
  bool is_marked() const noexcept { return mark_ == mark; }

 private:
  volatile std::uint64_t mark_ = mark;  ///< volatile: the last write would be left out
};

/// Throws: Misuse.
template <class Handle>
Handle& checked(Handle* handle) {
  require(handle != nullptr, "the handle is NULL");
  require(handle->is_marked(), "the handle is of another kind, or was freed");
  return *handle;
}

/// For functions that cannot report: null when it is no handle of this kind.
template <class Handle>
Handle* if_valid(Handle* handle) noexcept {
  return handle != nullptr && handle->is_marked() ? handle : nullptr;
}

/// Makes a handle for the caller; `make` returns a std::unique_ptr to it. After an error *out is NULL.
template <class Handle, class Make>
int make_handle(const char* function, Handle** out, Make make) noexcept {
  if (out != nullptr) *out = nullptr;
  return guarded(function, [&] {
    require(out != nullptr, "there is no place for the result");
    *out = make().release();
  });
}

template <class Handle>
void free_handle(Handle** handle) noexcept {
  if (handle == nullptr || if_valid(*handle) == nullptr) return;
  delete *handle;
  *handle = nullptr;
}

template <class Value>
Value& place(Value* out) {
  require(out != nullptr, "there is no place for the result");
  return *out;
}

inline const char* text_of(const char* text) {
  require(text != nullptr, "a string is NULL");
  return text;
}

}  // namespace leaselock::c
