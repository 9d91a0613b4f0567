using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dweb.Agent.Isolation;
using Dweb.Agent.Metering;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Runtimes.Conformance;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Escape;

/// <summary>Each limit of a container, by one that tries to exceed it.</summary>
public abstract class LimitCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    private const long Mebibyte = 1024 * 1024;

    [Case]
    public async Task The_kernel_holds_it_to_what_was_reserved_and_gives_it_no_rights()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        var limits = KernelLimits.Of((await Engine.InspectAsync(id, Cancel)).Pid);
        Assert.Equal((32 * Mebibyte, ContainerLimits.Processes, 500L), (limits.Memory, limits.Processes, limits.Cpu));
        Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Equal("0000000000000000", limits.Status[set]));
        Assert.Equal(("1", "2"), (limits.Status["NoNewPrivs"], limits.Status["Seccomp"]));
    }

    [Case]
    public async Task One_that_is_ended_for_want_of_memory_says_so()
    {
        (_, string id) = await Engine.StartAsync(Engine.Shell("x=x; while true; do x=$x$x; done"), Cancel);
        var ended = await Engine.UntilExitedAsync(id, Cancel);
        Assert.Equal((!Runtime.Lacks.HasFlag(RuntimeCapability.OutOfMemory), 137L), (ended.OutOfMemory, ended.ExitCode));
    }

    [Case]
    public async Task Its_root_is_not_written_to()
    {
        var written = await RunAsync("for path in / /bin /etc /dev/x /www /sys /proc/sys/kernel/hostname; do (echo x > $path/x) 2>/dev/null && echo wrote $path; done; echo tried");
        Assert.Equal(["tried"], written.Except(["wrote /dev/x"]));
    }

    [Case]
    public async Task What_is_temporary_is_written_to_and_runs_nothing_with_other_rights()
    {
        var plan = Engine.Shell("for path in /tmp /run /var/tmp /spool; do echo x > $path/x && echo wrote $path; done; mount | grep -E ' (/tmp|/run|/var/tmp|/spool) ' | grep -c nosuid.*nodev");
        Assert.Equal(["wrote /tmp", "wrote /run", "wrote /var/tmp", "wrote /spool", "4"], await Engine.RunAsync(plan with { Spec = plan.Spec with { Tmpfs = ["/spool"] } }, Cancel));
    }

    [Case]
    public async Task Processes_beyond_the_limit_are_not_made()
    {
        // The shell itself counts: no program can be started any more. Memory for all of them, so that it is not that which ends them.
        var written = await RunAsync(memory: 512, line: "sh -c 'i=0; while [ $i -lt 600 ]; do sleep 60 & i=$((i+1)); done' 2>/tmp/e; set -- /proc/[0-9]*; echo there are $#; kill -9 -1");
        Assert.InRange(int.Parse(Assert.Single(written, static line => line.StartsWith("there are ", StringComparison.Ordinal))[10..], CultureInfo.InvariantCulture), 100, 512);
    }

    [Case]
    public async Task Memory_beyond_the_limit_ends_the_program_that_wants_it_and_no_swap_is_used()
    {
        // 137: ended by SIGKILL.
        var written = await RunAsync("(x=x; while true; do x=$x$x; done); echo ended $?; grep VmSwap /proc/self/status");
        Assert.Contains("ended 137", written);
        Assert.Contains(written, static line => line.StartsWith("VmSwap:", StringComparison.Ordinal) && line.TrimEnd().EndsWith(" 0 kB", StringComparison.Ordinal));
    }

    [Case]
    public async Task A_temporary_folder_takes_no_more_than_half_of_the_memory()
    {
        var written = await RunAsync("head -c 64000000 /dev/zero > /tmp/x 2>/dev/null; stat -c %s /tmp/x");
        Assert.InRange(long.Parse(written[0], CultureInfo.InvariantCulture), 1 * Mebibyte, 16 * Mebibyte);
    }

    [Case]
    public async Task Files_that_are_open_at_once_are_bounded()
    {
        var written = await RunAsync("ulimit -n; ulimit -Hn; ulimit -c");
        Assert.Equal(["16384", "16384", "0"], written);
    }

    [Case]
    public async Task A_busy_container_gets_the_processor_that_it_reserved_and_no_more()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sh", "-c", "while true; do :; done & while true; do :; done"), Cancel);
        var meter = new LeaseMeter(ContainerCounters.ForThisMachine(), new EngineClock(Runtime.ReadTimeAsync, TimeProvider.System), MeterState.Zero);
        var state = MeterState.Zero;
        while (state.RunningMs < 3_000)
        {
            await Task.Delay(100, Cancel);
            state = await meter.SeeAsync((await Runtime.InspectAsync(id, Cancel))!, storage: 0, Cancel);
        }

        // Half a CPU; one period of the kernel's may be counted beyond it.
        Assert.InRange((double)state.Cpu.Total / 1e6 / state.RunningMs, 0.05, 0.56);
    }

    [Case]
    public Task Bytes_leave_no_faster_than_the_bandwidth_that_was_reserved() => PassAsync(sends: true);

    [Case]
    public Task Bytes_arrive_no_faster_than_the_bandwidth_that_was_reserved() => PassAsync(sends: false);

    [Case]
    public async Task A_process_that_has_ended_needs_no_limit()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        int pid = (await Runtime.InspectAsync(id, Cancel))!.Pid;
        await Runtime.RemoveAsync(id, Cancel);
        Assert.False(await new KernelBandwidthLimit().ApplyAsync(pid, 8, Cancel));
    }

    private async Task PassAsync(bool sends)
    {
        const int Bytes = 4_000_000;
        const ulong Megabits = 8;
        string line = sends
            ? "while true; do head -c 4000000 /dev/zero | nc -l -p 8080; done"
            : "while true; do nc -l -p 8080 | wc -c; done";
        var plan = Engine.Plan("sh", "-c", line);
        (_, string id) = await Engine.StartAsync(plan with { Reserved = plan.Reserved with { Bandwidth = Megabits } }, Cancel);
        var found = (await Runtime.InspectAsync(id, Cancel))!;
        Assert.True(await new KernelBandwidthLimit().ApplyAsync(found.Pid, Megabits, Cancel));

        // Applying it twice is no error, and it is one limit.
        Assert.True(await new KernelBandwidthLimit().ApplyAsync(found.Pid, Megabits, Cancel));
        var address = await RuntimeUnderTest.AddressOfAsync(found, Cancel);
        var took = sends ? await DrainAsync(address, Bytes) : await FillAsync(address, id, Bytes);

        // The bucket may be full at the beginning; what is beyond it passes at the rate. Slower is no fault of the limit.
        double least = (Bytes - 200_000) * 8 / (Megabits * 1e6);
        Assert.True(took.TotalSeconds >= least, $"{Bytes} bytes passed in {took.TotalSeconds:0.00} s, which at {Megabits} Mbit/s take {least:0.00} s.");
    }

    private async Task<TimeSpan> DrainAsync(IPAddress address, int bytes)
    {
        using var client = await ConnectAsync(address);
        long begun = TimeProvider.System.GetTimestamp();
        byte[] buffer = new byte[65_536];
        int seen = 0;
        while (seen < bytes && await client.GetStream().ReadAsync(buffer, Cancel) is > 0 and int read)
        {
            seen += read;
        }

        Assert.Equal(bytes, seen);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    private async Task<TimeSpan> FillAsync(IPAddress address, string id, int bytes)
    {
        using var client = await ConnectAsync(address);
        long begun = TimeProvider.System.GetTimestamp();
        await client.GetStream().WriteAsync(new byte[bytes], Cancel);
        client.Client.Shutdown(SocketShutdown.Send);
        while ((await Runtime.ReadLogAsync(id, 10, Cancel)).Lines.All(line => line.Trim() != bytes.ToString(CultureInfo.InvariantCulture)))
        {
            await Task.Delay(20, Cancel);
        }

        return TimeProvider.System.GetElapsedTime(begun);
    }

    private async Task<TcpClient> ConnectAsync(IPAddress address)
    {
        while (true)
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(address, 8080, Cancel);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
                await Task.Delay(50, Cancel);
            }
        }
    }

    private Task<IReadOnlyList<string>> RunAsync(string line, ulong memory = 32)
    {
        var plan = Engine.Shell(line);
        return Engine.RunAsync(plan with { Reserved = plan.Reserved with { Memory = memory } }, Cancel);
    }
}
