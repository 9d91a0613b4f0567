using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Escape;

/// <summary>What a tenant tries from inside its container to get out of it, to others, or to more than it has. A line that succeeds is an escape.</summary>
[Trait("Category", "Integration")]
public sealed class EscapeTests(Ward ward) : IClassFixture<Ward>
{
    private const string Out = "ESCAPED";
    private const string Tried = "TRIED";

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Theory]

    // The file system.
    [InlineData("mount a file system", "mkdir /tmp/m; mount -t tmpfs none /tmp/m")]
    [InlineData("mount the kernel's files anew, writable", "mount -o remount,rw /proc/sys")]
    [InlineData("mount the host's groups to have it run a program", "mkdir /tmp/m; mount -t cgroup -o memory cgroup /tmp/m || mount -t cgroup2 none /tmp/m")]
    [InlineData("bind another folder over a masked one", "mkdir /tmp/m; mount -o bind / /tmp/m")]
    [InlineData("make the root writable", "mount -o remount,rw / || touch /here")]
    [InlineData("change a program of the image", "echo x >> /bin/busybox")]
    [InlineData("redirect names", "echo '127.0.0.1 example' >> /etc/hosts || echo 'nameserver 127.0.0.1' > /etc/resolv.conf")]
    [InlineData("leave through a second root", "mkdir -p /tmp/r; chroot /tmp/r /bin/true || pivot_root / /tmp/r")]
    [InlineData("reach the host's root through the first process", "ls /proc/1/root/home /proc/1/root/root /proc/1/root/var/lib/docker")]
    [InlineData("find the engine's socket", "ls /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock")]

    // Devices.
    [InlineData("make the host's disk in memory", "mknod /tmp/disk b 8 0 && head -c 512 /tmp/disk")]
    [InlineData("make the host's disk on the volume", "mknod /data/disk b 7 0 && head -c 512 /data/disk")]
    [InlineData("make the machine's memory a file", "mknod /tmp/mem c 1 1 && head -c 512 /tmp/mem")]
    [InlineData("read the machine's memory", "head -c 16 /dev/mem || head -c 16 /proc/kcore | grep -q .")]
    [InlineData("make a loop device of a file", "dd if=/dev/zero of=/data/f bs=1k count=64 && losetup -f /data/f")]
    [InlineData("make a tunnel", "mkdir -p /tmp/net; mknod /tmp/net/tun c 10 200 && tunctl -f /tmp/net/tun")]

    // The kernel.
    [InlineData("have the kernel run a program when another dies", "echo '|/tmp/x' > /proc/sys/kernel/core_pattern")]
    [InlineData("have the kernel run a program on an event", "echo /tmp/x > /sys/kernel/uevent_helper")]
    [InlineData("have the kernel load a module by another program", "echo /tmp/x > /proc/sys/kernel/modprobe")]
    [InlineData("press the keyboard's system request", "echo h > /proc/sysrq-trigger")]
    [InlineData("load a module", "modprobe dummy || insmod /data/x.ko")]
    [InlineData("route for others", "sysctl -w net.ipv4.ip_forward=0 || echo 0 > /proc/sys/net/ipv4/ip_forward")]
    [InlineData("set the machine's clock", "adjtimex -t 10000 > /dev/null")]
    [InlineData("name the machine", "hostname owned")]
    [InlineData("end the machine", "reboot -n -f && sleep 2")]
    [InlineData("read the kernel's log", "dmesg | grep -q .")]
    [InlineData("take the machine's swap away", "swapoff -a && swapon /data/f")]

    // Rights.
    [InlineData("be root of a namespace of one's own", "unshare -U -r true || unshare -m true || unshare -n true")]
    [InlineData("enter the host's namespaces", "nsenter -t 1 -m -u -n true")]
    [InlineData("give a file away", "touch /data/f && chown 1234:1234 /data/f")]
    [InlineData("become another user", "setpriv --reuid 1234 true || su -s /bin/busybox nobody -c true")]
    [InlineData("gain rights from a file of the volume", "cp /bin/busybox /data/b && chmod 4755 /data/b && mount | grep ' /data ' | grep -qv nosuid")]
    [InlineData("have any capability", "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | grep -qv '0000000000000000'")]
    [InlineData("gain rights by running a program", "grep -q 'NoNewPrivs:.*0' /proc/self/status")]
    [InlineData("call what is filtered", "grep -q 'Seccomp:.*0' /proc/self/status")]
    [InlineData("raise a limit", "ulimit -n 1048576 || ulimit -c unlimited")]
    [InlineData("be more important than the host's programs", "renice -n -10 -p 1 || nice -n -10 true 2>&1 | grep -q never")]
    [InlineData("be spared when memory runs out", "echo -1000 > /proc/self/oom_score_adj")]
    [InlineData("raise its own memory limit", "echo 1000000000 > /sys/fs/cgroup/memory/memory.limit_in_bytes || echo max > /sys/fs/cgroup/memory.max")]
    [InlineData("see the host's processes", "[ $(ls -d /proc/[0-9]* | wc -l) -gt 8 ]")]
    [InlineData("see memory that others share", "ls /dev/shm | grep -q .")]

    // The network.
    [InlineData("reach a port of the host", "timeout 2 wget -q -O - http://GATEWAY:HOSTPORT/")]
    [InlineData("reach the secrets that a cloud gives its machines", "timeout 2 wget -q -O - http://METADATA:HOSTPORT/")]
    [InlineData("reach another tenant", "timeout 2 wget -q -O - http://NEIGHBOUR:8080/")]
    [InlineData("reach another tenant through the host", "timeout 2 wget -q -O - http://GATEWAY:NEIGHBOURPORT/")]
    [InlineData("have the host answer a ping", "ping -c 1 -W 2 GATEWAY")]
    [InlineData("take another address", "ip address add NEIGHBOUR/28 dev eth0")]
    [InlineData("send from another address", "ip route add 1.2.3.4/32 via GATEWAY")]
    [InlineData("take its limit off", "tc qdisc del dev eth0 root || ip link set eth0 down")]
    [InlineData("send packets of its own making", "arping -c 1 -w 2 -I eth0 GATEWAY")]
    public async Task A_tenant_does_not(string what, string line)
    {
        var written = await ward.RunAsync($"if {{ {ward.Fill(line)}; }}; then echo {Out}; fi; echo {Tried}", cancel);
        Assert.Contains(Tried, written);
        Assert.False(written.Contains(Out, StringComparer.Ordinal), $"A tenant can {what}: {string.Join(" | ", written)}");
    }

    [Fact]
    public async Task Without_the_rules_a_tenant_reaches_host_and_secrets_so_that_it_is_they_that_hold()
    {
        string line = ward.Fill("timeout 5 wget -q -O - http://GATEWAY:HOSTPORT/ && timeout 5 wget -q -O - http://METADATA:HOSTPORT/ && echo reached");

        // As an administrator does who loads rules of their own.
        await HostTool.RunAsync("nft", ["delete", "table", "inet", FirewallRules.TableName(ward.Docker.Coe)], null, cancel);
        try
        {
            Assert.Equal("reached", (await ward.RunAsync(line, cancel))[^1].Replace("secretsecret", "", StringComparison.Ordinal));
        }
        finally
        {
            Assert.True(await ward.Firewall.EnsureAsync(CancellationToken.None));
            Assert.False(await ward.Firewall.EnsureAsync(CancellationToken.None));
        }

        Assert.Empty(await ward.RunAsync(line, cancel) is var written ? written.Where(static text => text.Contains("secret", StringComparison.Ordinal)) : []);
    }

    [Fact]
    public async Task Replicas_of_one_deployment_reach_each_other()
    {
        (_, string id) = await ward.Docker.StartAsync(ward.Docker.Plan("httpd", "-f", "-p", "8080", "-h", "/www"), cancel);
        string address = (await ward.Docker.Docker.Containers.InspectContainerAsync(id, cancel)).NetworkSettings!.Networks.Values.Single().IPAddress;
        Assert.Contains("hello", (await ward.RunAsync($"timeout 5 wget -q -O - http://{address}:8080/", cancel))[^1], StringComparison.Ordinal);
        await ward.Docker.Runtime.RemoveAsync(id, cancel);
    }

    [Fact]
    public async Task What_a_tenant_publishes_is_reached_from_the_host() =>
        Assert.Equal("hello", await Served.ReadAsync($"http://127.0.0.1:{ward.NeighbourPort}/", cancel));
}
