#include "trace_file.hpp"

#include <fstream>
#include <memory>
#include <system_error>

#include "record/cycles.hpp"

namespace leaselock::nfs {

std::function<void(const std::string&)> trace_to(const std::string& file) {
  const auto out = std::make_shared<std::ofstream>(file, std::ios::app);
  if (!*out) throw std::system_error(errno, std::system_category(), "cannot open " + file);
  return [out](const std::string& step) { *out << std::to_string(cycles()) + ' ' + step + '\n' << std::flush; };
}

}  // namespace leaselock::nfs
