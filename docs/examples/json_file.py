"""JSON files that several hosts write, each under the lock, and anybody may read without it."""
import json
import os
import socket


def read(path):
    # Opening the directory makes an NFS client ask which file has the name now. Without that it may, for half a minute,
    # open the one before, if somebody still reads that.
    os.listdir(os.path.dirname(path) or ".")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def replace(path, content):
    """Whoever reads sees the old content or the new one, and after a crash one of them is there."""
    new = f"{path}.{socket.gethostname()}.{os.getpid()}"
    with open(new, "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
