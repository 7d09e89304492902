#pragma once

#include <string_view>
#include <vector>

namespace leaselock::tool::top {

enum class Key { quit, pause, sort, up, down, page_up, page_down, first, last };

/// The keys in what was typed; everything else is passed over.
std::vector<Key> keys_in(std::string_view typed);

}  // namespace leaselock::tool::top
