#!/usr/bin/env python3
"""state_put.py FILE: makes what comes on standard input, a JSON object, the new state of FILE. To be run under a lock:

    leaselock run /mnt/shared/network.lck -- sh -c 'plan | state_put.py /mnt/shared/network.state'

FILE keeps the fencing token of its last writer. Who comes with a smaller one has lost the lock without having noticed,
and is refused.
"""
import json
import os
import sys

import json_file

token = int(os.environ["LEASELOCK_TOKEN"])
path = sys.argv[1]
new = json.load(sys.stdin)
last = json_file.read(path).get("fencing_token", 0)
if token < last:
    sys.exit(f"state_put: refused: {path} was written with token {last}, this is {token}")
json_file.replace(path, {**new, "fencing_token": token})
