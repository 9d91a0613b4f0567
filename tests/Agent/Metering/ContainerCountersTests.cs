using Dweb.Agent.Metering;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Metering;

public sealed class ContainerCountersTests : IDisposable
{
    private const string NetDev = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:     999       9    0    0    0     0          0         0      999       9    0    0    0     0       0          0
          eth0: 1000       9    0    0    0     0          0         0     2000       9    0    0    0     0       0          0
          eth1:20      1    0    0    0     0          0         0     30       1    0    0    0     0       0          0
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Version_1_is_read_from_the_controllers_own_hierarchies()
    {
        Write("proc/7/stat", KernelFiles.StatOf(7, 1));
        Write("proc/7/cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n");
        Write("proc/7/net/dev", NetDev);
        Write("cg/cpu,cpuacct/docker/abc/cpuacct.usage", "123456789\n");
        Write("cg/memory/docker/abc/memory.usage_in_bytes", "5000\n");
        Write("cg/memory/docker/abc/memory.stat", "cache 9\ntotal_inactive_file 1000\ninactive_file 3\n");
        var counters = Counters(
            $"30 25 0:26 / {Mount("cg/memory")} rw - cgroup cgroup rw,memory",
            $"31 25 0:27 / {Mount("cg/cpu,cpuacct")} rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct",
            $"32 25 0:28 / {Mount("cg/unified")} rw - cgroup2 cgroup2 rw");
        Assert.Equal(new CounterSample(123_456_789, 4_000, 1_020, 2_030), counters.Find(7)?.Read());
    }

    [Fact]
    public void Version_2_is_read_from_the_unified_hierarchy()
    {
        Write("proc/7/stat", KernelFiles.StatOf(7, 1));
        Write("proc/7/cgroup", "0::/system.slice/docker-abc.scope\n");
        Write("proc/7/net/dev", NetDev);
        Write("cg/system.slice/docker-abc.scope/cpu.stat", "usage_usec 42\nuser_usec 1\n");
        Write("cg/system.slice/docker-abc.scope/memory.current", "700\n");
        Write("cg/system.slice/docker-abc.scope/memory.stat", "file 5\ninactive_file 900\n");
        var counters = Counters($"30 25 0:26 / {Mount("cg")} rw - cgroup2 cgroup2 rw,nsdelegate");
        Assert.Equal(new CounterSample(42_000, 0, 1_020, 2_030), counters.Find(7)?.Read());
    }

    [Fact]
    public void A_container_of_Podman_s_is_read_where_its_process_is()
    {
        Write("proc/7/stat", KernelFiles.StatOf(7, 1));
        Write("proc/7/cgroup", "4:memory:/libpod_parent/libpod-abc\n2:cpu,cpuacct:/libpod_parent/libpod-abc\n");
        Write("proc/7/net/dev", NetDev);
        Write("cg/cpu,cpuacct/libpod_parent/libpod-abc/cpuacct.usage", "7\n");
        Write("cg/memory/libpod_parent/libpod-abc/memory.usage_in_bytes", "5000\n");
        Write("cg/memory/libpod_parent/libpod-abc/memory.stat", "total_inactive_file 1000\n");
        var first = Counters($"30 25 0:26 / {Mount("cg/memory")} rw - cgroup cgroup rw,memory", $"31 25 0:27 / {Mount("cg/cpu,cpuacct")} rw - cgroup cgroup rw,cpu,cpuacct");
        Assert.Equal(new CounterSample(7, 4_000, 1_020, 2_030), first.Find(7)?.Read());

        Write("proc/8/stat", KernelFiles.StatOf(8, 1));
        Write("proc/8/cgroup", "0::/machine.slice/libpod-abc.scope/container\n");
        Write("proc/8/net/dev", NetDev);
        Write("v2/machine.slice/libpod-abc.scope/container/cpu.stat", "usage_usec 42\n");
        Write("v2/machine.slice/libpod-abc.scope/container/memory.current", "700\n");
        Write("v2/machine.slice/libpod-abc.scope/container/memory.stat", "inactive_file 100\n");
        Assert.Equal(new CounterSample(42_000, 600, 1_020, 2_030), Counters($"30 25 0:26 / {Mount("v2")} rw - cgroup2 cgroup2 rw").Find(8)?.Read());
    }

    [Fact]
    public void A_mount_that_shows_part_of_the_hierarchy_is_followed_from_there() =>
        Assert.Equal("/cg/abc", new CgroupMount("/docker", "/cg").FolderOf("/docker/abc"));

    [Fact]
    public void A_process_that_is_gone_has_no_reading() => Assert.Null(Counters().Find(7));

    private ContainerCounters Counters(params string[] mounts) => new(CgroupMounts.Parse(mounts), folder.File("proc"));

    // As the kernel writes a path in mountinfo.
    private string Mount(string path) => folder.File(path).Replace(" ", "\\040", StringComparison.Ordinal);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllText(folder.File(path), content);
    }
}
