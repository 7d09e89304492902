#!/usr/bin/env python3
"""json_add_flufl.py LOCK FILE KEY: the same from a Python program, which takes the lock itself with flufl.lock. It and
`leaselock run LOCK` keep each other out."""
import datetime
import sys

from flufl.lock import Lock

import json_add

with Lock(sys.argv[1], lifetime=datetime.timedelta(seconds=15)):
    json_add.add_one(sys.argv[2], sys.argv[3])
