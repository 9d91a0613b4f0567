namespace Dweb.Agent.Tests.Escape;

/// <summary>Lines of shell, each an attempt to get out of a container, to others, or to more than it has. One that succeeds is an escape.</summary>
internal static class EscapeLines
{
    public static IReadOnlyList<(string What, string Line)> All { get; } =
    [
        // The file system.
        ("mount a file system", "mkdir /tmp/m; mount -t tmpfs none /tmp/m"),
        ("mount the kernel's files anew, writable", "mount -o remount,rw /proc/sys"),
        ("mount the host's groups to have it run a program", "mkdir /tmp/m; mount -t cgroup -o memory cgroup /tmp/m || mount -t cgroup2 none /tmp/m"),
        ("bind another folder over a masked one", "mkdir /tmp/m; mount -o bind / /tmp/m"),
        ("make the root writable", "mount -o remount,rw / || touch /here"),
        ("change a program of the image", "echo x >> /bin/busybox"),
        ("redirect names", "echo '127.0.0.1 example' >> /etc/hosts || echo 'nameserver 127.0.0.1' > /etc/resolv.conf"),
        ("leave through a second root", "mkdir -p /tmp/r; chroot /tmp/r /bin/true || pivot_root / /tmp/r"),
        ("reach the host's root through the first process", "ls /proc/1/root/home /proc/1/root/root /proc/1/root/var/lib/docker"),
        ("find the engine's socket", "ls /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock"),

        // Devices.
        ("make the host's disk in memory", "mknod /tmp/disk b 8 0 && head -c 512 /tmp/disk"),
        ("make the host's disk on the volume", "mknod /data/disk b 7 0 && head -c 512 /data/disk"),
        ("make the machine's memory a file", "mknod /tmp/mem c 1 1 && head -c 512 /tmp/mem"),
        ("read the machine's memory", "head -c 16 /dev/mem || head -c 16 /proc/kcore | grep -q ."),
        ("make a loop device of a file", "dd if=/dev/zero of=/data/f bs=1k count=64 && losetup -f /data/f"),
        ("make a tunnel", "mkdir -p /tmp/net; mknod /tmp/net/tun c 10 200 && tunctl -f /tmp/net/tun"),

        // The kernel.
        ("have the kernel run a program when another dies", "echo '|/tmp/x' > /proc/sys/kernel/core_pattern"),
        ("have the kernel run a program on an event", "echo /tmp/x > /sys/kernel/uevent_helper"),
        ("have the kernel load a module by another program", "echo /tmp/x > /proc/sys/kernel/modprobe"),
        ("press the keyboard's system request", "echo h > /proc/sysrq-trigger"),
        ("load a module", "modprobe dummy || insmod /data/x.ko"),
        ("route for others", "sysctl -w net.ipv4.ip_forward=0 || echo 0 > /proc/sys/net/ipv4/ip_forward"),
        ("set the machine's clock", "adjtimex -t 10000 > /dev/null"),
        ("name the machine", "hostname owned"),
        ("end the machine", "reboot -n -f && sleep 2"),
        ("read the kernel's log", "dmesg | grep -q ."),
        ("take the machine's swap away", "swapoff -a && swapon /data/f"),

        // Rights.
        ("be root of a namespace of one's own", "unshare -U -r true || unshare -m true || unshare -n true"),
        ("enter the host's namespaces", "nsenter -t 1 -m -u -n true"),
        ("give a file away", "touch /data/f && chown 1234:1234 /data/f"),
        ("become another user", "setpriv --reuid 1234 true || su -s /bin/busybox nobody -c true"),
        ("gain rights from a file of the volume", "cp /bin/busybox /data/b && chmod 4755 /data/b && mount | grep ' /data ' | grep -qv nosuid"),
        ("have any capability", "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | grep -qv '0000000000000000'"),
        ("gain rights by running a program", "grep -q 'NoNewPrivs:.*0' /proc/self/status"),
        ("call what is filtered", "grep -q 'Seccomp:.*0' /proc/self/status"),
        ("raise a limit", "ulimit -n 1048576 || ulimit -c unlimited"),
        ("be more important than the host's programs", "renice -n -10 -p 1 || nice -n -10 true 2>&1 | grep -q never"),
        ("be spared when memory runs out", "echo -1000 > /proc/self/oom_score_adj"),
        ("raise its own memory limit", "echo 1000000000 > /sys/fs/cgroup/memory/memory.limit_in_bytes || echo max > /sys/fs/cgroup/memory.max"),
        ("see the host's processes", "[ $(ls -d /proc/[0-9]* | wc -l) -gt 8 ]"),
        ("see memory that others share", "ls /dev/shm | grep -q ."),

        // The network.
        ("reach a port of the host", "timeout 2 wget -q -O - http://GATEWAY:HOSTPORT/"),
        ("reach the secrets that a cloud gives its machines", "timeout 2 wget -q -O - http://METADATA:HOSTPORT/"),
        ("reach another tenant", "timeout 2 wget -q -O - http://NEIGHBOUR:8080/"),
        ("reach another tenant through the host", "timeout 2 wget -q -O - http://GATEWAY:NEIGHBOURPORT/"),
        ("have the host answer a ping", "ping -c 1 -W 2 GATEWAY"),
        ("take another address", "ip address add NEIGHBOUR/28 dev eth0"),
        ("send from another address", "ip route add 1.2.3.4/32 via GATEWAY"),
        ("take its limit off", "tc qdisc del dev eth0 root || ip link set eth0 down"),
        ("send packets of its own making", "arping -c 1 -w 2 -I eth0 GATEWAY"),
    ];
}
