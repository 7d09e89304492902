#!/usr/bin/env python3
"""The C interface from another language, here Python with nothing but its standard library.

Usage: c_from_python.py LIBRARY PATH, as in c_from_python.py libleaselock.so.0.1 /srv/shared/job.lock
"""
import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
library.leaselock_last_error.restype = ctypes.c_char_p
library.leaselock_fencing_token.restype = ctypes.c_uint64
library.leaselock_fencing_token.argtypes = [ctypes.c_void_p]
library.leaselock_may_act.argtypes = [ctypes.c_void_p]


class LockError(Exception):
    def __init__(self, code):
        super().__init__(library.leaselock_last_error().decode())
        self.code = code


def check(code):
    if code != 0:
        raise LockError(code)


class Lock:
    """with Lock(path) as lock: ... lock.token ..."""

    def __init__(self, path):
        self.handle = ctypes.c_void_p()
        check(library.leaselock_new(path.encode(), None, ctypes.byref(self.handle)))

    def __del__(self):
        library.leaselock_free(ctypes.byref(self.handle))

    def __enter__(self):
        check(library.leaselock_lock(self.handle))
        return self

    def __exit__(self, kind, error, trace):
        check(library.leaselock_unlock(self.handle))

    def try_lock(self):
        check(library.leaselock_try_lock(self.handle))

    @property
    def token(self):
        return library.leaselock_fencing_token(self.handle)

    @property
    def may_act(self):
        return library.leaselock_may_act(self.handle) != 0


with Lock(sys.argv[2]) as lock:
    print("held:", lock.may_act, "token:", lock.token)
    try:
        Lock(sys.argv[2]).try_lock()
    except LockError as refused:
        print("refused:", refused)
