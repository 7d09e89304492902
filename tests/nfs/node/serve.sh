#!/bin/sh
# Makes this host the NFS server: the kernel's nfsd, or Ganesha, over ext4 on the host's disk. $1: kernel or ganesha.
set -e
mkdir -p /run/disk
# Ganesha answers before its file system has written down what it did, unless that is mounted so; times are not even
# then (docs/operating.md).
options=rw
[ "$1" = kernel ] || options=dirsync
mount -t ext4 -o "$options" /dev/ubda /run/disk
mkdir -p -m 1777 /run/disk/export
# What the server must remember over a crash (its clients, for their recovery) lies on the disk, as on a real one.
mkdir -p /run/disk/nfs
for entry in sm sm.bak v4recovery nfsdcltrack; do mkdir -p "/run/disk/nfs/$entry"; done
touch /run/disk/nfs/etab /run/disk/nfs/rmtab
mount --bind /run/disk/nfs /var/lib/nfs

rpcbind
case $1 in
  kernel)
    mkdir -p /var/lib/nfs/rpc_pipefs
    mount -t nfsd nfsd /proc/fs/nfsd
    # 10 s are the least that the kernel takes; 90 s would only make the tests wait.
    echo 10 >/proc/fs/nfsd/nfsv4leasetime
    echo 10 >/proc/fs/nfsd/nfsv4gracetime
    exportfs -o rw,sync,no_root_squash,fsid=0,no_subtree_check,insecure "*:/run/disk/export"
    rpc.mountd
    rpc.nfsd --nfs-version 3 --nfs-version 4.0 --nfs-version 4.1 --nfs-version 4.2 8
    ;;
  ganesha)
    # At its first start nobody has anything to reclaim, so there is nothing to wait for.
    first=true
    [ -d /var/lib/nfs/ganesha ] && first=false
    mkdir -p /run/ganesha /var/lib/nfs/ganesha
    cat >/run/ganesha.conf <<CONFIGURATION
NFS_CORE_PARAM { Protocols = 3,4; }
NFSv4 { Minor_Versions = 0,1,2; Lease_Lifetime = 10; Grace_Period = 10; Graceless = $first; RecoveryBackend = fs; }
EXPORT { Export_Id = 1; Path = /run/disk/export; Pseudo = /; Access_Type = RW; Squash = No_Root_Squash;
         SecType = sys; FSAL { Name = VFS; } }
CONFIGURATION
    rpc.statd --no-notify || true
    # It reads there where its export is mounted; a small Debian has no such link.
    if [ ! -e /etc/mtab ]; then
      cp -a /etc /run/etc
      ln -s /proc/mounts /run/etc/mtab
      mount --bind /run/etc /etc
    fi
    ganesha.nfsd -f /run/ganesha.conf -L /run/ganesha.log -p /run/ganesha.pid -N NIV_EVENT
    ;;
esac
