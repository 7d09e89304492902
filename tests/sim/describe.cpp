#include "describe.hpp"

#include <cerrno>

namespace leaselock::sim {

std::string describe(Duration length) {
  const bool negative = length < Duration::zero();
  const std::int64_t micros =
      std::chrono::duration_cast<std::chrono::microseconds>(negative ? -length : length).count();
  std::string fraction = std::to_string(micros % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return (negative ? "-" : "") + std::to_string(micros / 1'000'000) + '.' + fraction + 's';
}

std::string describe_error(int error) {
  switch (error) {
    case 0:
      return "ok";
    case ENOENT:
      return "ENOENT";
    case EEXIST:
      return "EEXIST";
    case ESTALE:
      return "ESTALE";
    case EIO:
      return "EIO";
    case ENOTEMPTY:
      return "ENOTEMPTY";
    case ENOTDIR:
      return "ENOTDIR";
    case EISDIR:
      return "EISDIR";
    default:
      return "errno " + std::to_string(error);
  }
}

std::string describe(const Request& request) {
  switch (request.kind) {
    case Request::Kind::attributes:
      return "GETATTR";
    case Request::Kind::look_up:
      return "LOOKUP " + request.name;
    case Request::Kind::list:
      return "READDIR";
    case Request::Kind::make_directory:
      return "MKDIR " + request.name;
    case Request::Kind::remove_directory:
      return "RMDIR " + request.name;
    case Request::Kind::create:
      return "CREATE " + request.name;
    case Request::Kind::write:
      return "WRITE " + request.contents;
    case Request::Kind::read:
      return "READ";
    case Request::Kind::touch:
      return "SETATTR";
    case Request::Kind::link:
      return "LINK " + request.new_name;
    case Request::Kind::rename:
      return "RENAME " + request.name + " -> " + request.new_name;
    case Request::Kind::unlink:
      return "REMOVE " + request.name;
  }
  return {};
}

std::string describe(const protocol::Result& result) {
  std::string text = describe_error(result.error);
  if (result.error != 0) return text;
  if (result.status.kind != protocol::FileKind::none) {
    text += " inode=" + std::to_string(result.status.inode) + " links=" + std::to_string(result.status.links) +
            " mtime=" + describe(result.status.modified.time_since_epoch()) +
            " ctime=" + describe(result.status.changed.time_since_epoch());
  }
  for (const auto& [name, inode] : result.entries) text += ' ' + name + '=' + std::to_string(inode);
  if (!result.contents.empty()) text += " \"" + result.contents + '"';
  if (result.gone) text += " gone";
  return text;
}

std::string describe(const Fate& fate) {
  std::string text;
  if (fate.again) text += "repeated after " + describe(*fate.again) + ' ';
  if (fate.zombie) {
    text +=
        "EIO, " + (fate.executed ? "executed after " + describe(*fate.executed) : std::string("never executed")) + ' ';
  }
  if (fate.error != 0) text += "not executed, " + describe_error(fate.error) + ' ';
  if (fate.listing_age != 0) text += "a listing " + std::to_string(fate.listing_age) + " changes old ";
  if (fate.torn) text += "a torn listing ";
  return text + "travel " + describe(fate.before) + '+' + describe(fate.after);
}

}  // namespace leaselock::sim
