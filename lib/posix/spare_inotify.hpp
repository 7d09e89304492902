#pragma once

#include "posix/file_handle.hpp"

/// inotify instances of this process that nobody uses just now. Closing one can take 20 ms, because the kernel waits
/// until no processor can be looking at it, and a user has only 128 (inotify(7), max_user_instances): so they are
/// neither made and closed for each wait nor kept by every Lock object that has ever waited.
namespace leaselock::posix {

/// A spare instance, or a new one; invalid when there is none, and errno says why. May hold events of earlier watches.
FileHandle take_inotify();

/// Keeps an instance whose watches were removed for the next who asks, or closes it. Must be this process's own, not
/// inherited over a fork.
void give_back_inotify(FileHandle instance);

}  // namespace leaselock::posix
