#!/usr/bin/env python3
"""json_add.py FILE KEY: adds one to a number in a JSON file. To be run under a lock:

    leaselock run /mnt/shared/data.json.lck -- json_add.py /mnt/shared/data.json visits
"""
import sys

import json_file


def add_one(path, key):
    data = json_file.read(path)
    data[key] = data.get(key, 0) + 1
    json_file.replace(path, data)


if __name__ == "__main__":
    add_one(sys.argv[1], sys.argv[2])
