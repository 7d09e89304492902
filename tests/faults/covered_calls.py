"""Checks that no call of lib/posix to the system escapes the tests of faults.

Usage: covered_calls.py CALL... -- OBJECT...: every function of the C library that the object files use must be one of
the calls that the linker leads through the tests, or stand below.
"""
import re
import subprocess
import sys

# They ask the system for nothing, or for something that cannot fail.
HARMLESS = set("""
aligned_alloc free gnu_dev_makedev memchr memcmp memcpy memmove memset snprintf strcmp strerror_r strlen strncpy vsnprintf
sigfillset pthread_atfork pthread_attr_destroy pthread_attr_init pthread_attr_setsigmask_np pthread_attr_setstacksize
pthread_cancel pthread_join pthread_setcancelstate pthread_sigmask pthread_mutex_lock pthread_mutex_unlock
clock_gettime geteuid getpid
eventfd_write
""".split())


def used_by(objects):
    listing = subprocess.run(["nm", "--undefined-only", *objects], check=True, capture_output=True, text=True).stdout
    for fields in map(str.split, listing.splitlines()):
        if len(fields) != 2:
            continue
        # A hardened build calls some of them by another name.
        name = re.sub(r"^__(\w+)_chk$", r"\1", fields[1])
        # What begins with "_" is C++, the compiler's or a sanitizer's.
        if not name.startswith("_"):
            yield name


def main():
    end = sys.argv.index("--")
    calls, objects = set(sys.argv[1:end]), sys.argv[end + 1:]
    used = set(used_by(objects))
    findings = [f"{name}: lead it through support/wrapped_calls.cpp, or say in covered_calls.py why not"
                for name in sorted(used - calls - HARMLESS)]
    findings += [f"{name}: lib/posix does not use it" for name in sorted(calls - used)]
    print("\n".join(findings) or f"{len(calls)} calls are led through the tests")
    return 1 if findings else 0


sys.exit(main())
