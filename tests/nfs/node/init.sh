#!/bin/sh
# The first process of a host of the cluster. The kernel hands its command line's words over as environment variables.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib/nfs
mkdir /run/mnt /run/lock /run/rpcbind /run/sendsigs.omit.d /var/lib/nfs/sm /var/lib/nfs/sm.bak /var/lib/nfs/v4recovery

# hostfs shows the modules where Debian puts them, which is not where modprobe looks.
mkdir -p /run/modules/lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" "/run/modules/lib/modules/$(uname -r)"
for module in nfs nfsv3 nfsv4 nfsd ext4 sch_netem; do
  modprobe -d /run/modules "$module"
done

hostname "$cluster_name"
ip link set lo up
ip address add "$cluster_address/24" dev eth0
ip address add "$cluster_control/24" dev eth1
ip link set eth0 up
ip link set eth1 up
exec "$cluster_agent"
