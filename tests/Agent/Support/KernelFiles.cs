using System.Globalization;
using Dweb.Agent.Metering;

namespace Dweb.Agent.Tests.Support;

/// <summary>Files as the kernel shows them of one container's run, in version 2, with numbers of the test's.</summary>
internal sealed class KernelFiles(TemporaryFolder folder)
{
    private const string Group = "/docker/abc";

    /// <summary>Of <c>/proc/PID/stat</c>, of a program whose name has a space and a parenthesis in it.</summary>
    /// <param name="start">When the process began.</param>
    public static string StatOf(int pid, ulong start) =>
        string.Create(CultureInfo.InvariantCulture, $"{pid} (a b) c) S 1 7 7 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 {start} 1000 10 18446744073709551615 0 0\n");

    /// <summary>Where the agent looks.</summary>
    public ContainerCounters Counters()
    {
        string point = folder.File("cg").Replace(" ", "\\040", StringComparison.Ordinal);
        return new ContainerCounters(CgroupMounts.Parse([$"30 25 0:26 / {point} rw - cgroup2 cgroup2 rw"]), folder.File("proc"));
    }

    public void Begin(int pid, ulong start)
    {
        Write($"proc/{pid}/stat", StatOf(pid, start));
        Write($"proc/{pid}/cgroup", $"0::{Group}\n");
        Use(pid, 0, 0, 0, 0);
    }

    /// <param name="cpu">Microseconds since the run began.</param>
    /// <param name="memory">Bytes now.</param>
    public void Use(int pid, ulong cpu, ulong memory, ulong received, ulong sent)
    {
        Write($"proc/{pid}/net/dev", string.Create(CultureInfo.InvariantCulture, $"head|\n  lo: 9 0 0 0 0 0 0 0 9 0\neth0:{received} 0 0 0 0 0 0 0 {sent} 0\n"));
        Write("cg" + Group + "/cpu.stat", string.Create(CultureInfo.InvariantCulture, $"usage_usec {cpu}\nuser_usec 0\n"));
        Write("cg" + Group + "/memory.current", string.Create(CultureInfo.InvariantCulture, $"{memory}\n"));
        Write("cg" + Group + "/memory.stat", "file 0\ninactive_file 0\n");
    }

    /// <summary>A counter is no number any more.</summary>
    public void Break(int pid) => Write($"proc/{pid}/net/dev", "eth0: many\n");

    public void End(int pid) => Directory.Delete(folder.File(string.Create(CultureInfo.InvariantCulture, $"proc/{pid}")), recursive: true);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllText(folder.File(path), content);
    }
}
