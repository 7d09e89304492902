"""What was measured on, and what was measured."""
import os
import pathlib
import platform
import re
import subprocess

PACKAGES = {"flufl": "python3-flufl.lock", "filelock": "python3-filelock", "nfslock": "libfile-nfslock-perl",
            "liblockfile": "liblockfile1", "procmail": "procmail", "dotlockfile": "liblockfile-bin",
            "qt": "libqt6core6", "llvm": "libllvm14", "flock-command": "util-linux", "boost": "libboost1.81-dev",
            "nfs": "user-mode-linux"}


def output(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def file_system(folder):
    return output("stat", "--file-system", "--format=%T", str(folder)).replace("ext2/ext3", "ext4")


def mount_of(folder):
    return output("findmnt", "--noheadings", "--output", "FSTYPE,OPTIONS", "--target", folder).partition("\n")[0]


def facts(bench):
    processor = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    versions = {peer: output("dpkg-query", "--show", "--showformat=${Version}", package)
                for peer, package in PACKAGES.items()}
    return {"processor": processor[1] if processor else platform.machine(), "processors": os.cpu_count(),
            "kernel": platform.release(), "system": output("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"),
            "cluster_kernel": output("linux.uml", "--version"),
            "mounts": {name: mount_of(folder) for name, folder in bench.folders.items()},
            "compiler": output("c++", "--version").partition("\n")[0], "versions": versions,
            "left_out": bench.left_out}
