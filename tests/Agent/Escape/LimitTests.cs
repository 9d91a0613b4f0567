using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dweb.Agent.Isolation;
using Dweb.Agent.Metering;
using Dweb.Agent.Tests.Runtimes;

namespace Dweb.Agent.Tests.Escape;

/// <summary>Each limit of a container, by one that tries to exceed it.</summary>
[Trait("Category", "Integration")]
public sealed class LimitTests(DockerFixture fixture) : IClassFixture<DockerFixture>
{
    private const long Mebibyte = 1024 * 1024;

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_beyond_the_limit_are_not_made()
    {
        // The shell itself counts: no program can be started any more. Memory for all of them, so that it is not that which ends them.
        var written = await RunAsync(memory: 512, line: "sh -c 'i=0; while [ $i -lt 600 ]; do sleep 60 & i=$((i+1)); done' 2>/tmp/e; set -- /proc/[0-9]*; echo there are $#; kill -9 -1");
        Assert.InRange(int.Parse(Assert.Single(written, static line => line.StartsWith("there are ", StringComparison.Ordinal))[10..], CultureInfo.InvariantCulture), 100, 512);
    }

    [Fact]
    public async Task Memory_beyond_the_limit_ends_the_program_that_wants_it_and_no_swap_is_used()
    {
        // 137: ended by SIGKILL.
        var written = await RunAsync("(x=x; while true; do x=$x$x; done); echo ended $?; grep VmSwap /proc/self/status");
        Assert.Contains("ended 137", written);
        Assert.Contains(written, static line => line.StartsWith("VmSwap:", StringComparison.Ordinal) && line.TrimEnd().EndsWith(" 0 kB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_temporary_folder_takes_no_more_than_half_of_the_memory()
    {
        var written = await RunAsync("head -c 64000000 /dev/zero > /tmp/x 2>/dev/null; stat -c %s /tmp/x");
        Assert.InRange(long.Parse(written[0], CultureInfo.InvariantCulture), 1 * Mebibyte, 16 * Mebibyte);
    }

    [Fact]
    public async Task Files_that_are_open_at_once_are_bounded()
    {
        var written = await RunAsync("ulimit -n; ulimit -Hn; ulimit -c");
        Assert.Equal(["16384", "16384", "0"], written);
    }

    [Fact]
    public async Task A_log_does_not_grow_beyond_its_bound()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sh", "-c", "yes 0123456789012345678901234567890123456789 | head -c 40000000"), cancel);
        await fixture.UntilExitedAsync(id, cancel);
        string path = (await fixture.Docker.Containers.InspectContainerAsync(id, cancel)).LogPath;
        long kept = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Sum(static file => new FileInfo(file).Length);
        Assert.InRange(kept, 1, 9 * Mebibyte);
    }

    [Fact]
    public async Task A_busy_container_gets_the_processor_that_it_reserved_and_no_more()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sh", "-c", "while true; do :; done & while true; do :; done"), cancel);
        var meter = new LeaseMeter(ContainerCounters.ForThisMachine(), new EngineClock(fixture.Runtime.ReadTimeAsync, TimeProvider.System), MeterState.Zero);
        var state = MeterState.Zero;
        while (state.RunningMs < 3_000)
        {
            await Task.Delay(100, cancel);
            state = await meter.SeeAsync((await fixture.Runtime.InspectAsync(id, cancel))!, storage: 0, cancel);
        }

        // Half a CPU; one period of the kernel's may be counted beyond it.
        Assert.InRange((double)state.Cpu.Total / 1e6 / state.RunningMs, 0.05, 0.56);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_pass_no_faster_than_the_bandwidth_that_was_reserved(bool sends)
    {
        const int Bytes = 4_000_000;
        const ulong Megabits = 8;
        string line = sends
            ? "while true; do head -c 4000000 /dev/zero | nc -l -p 8080; done"
            : "while true; do nc -l -p 8080 | wc -c; done";
        var plan = fixture.Plan("sh", "-c", line);
        (_, string id) = await fixture.StartAsync(plan with { Reserved = plan.Reserved with { Bandwidth = Megabits } }, cancel);
        var found = (await fixture.Runtime.InspectAsync(id, cancel))!;
        Assert.True(await new KernelBandwidthLimit().ApplyAsync(found.Pid, Megabits, cancel));

        // Applying it twice is no error, and it is one limit.
        Assert.True(await new KernelBandwidthLimit().ApplyAsync(found.Pid, Megabits, cancel));
        var address = IPAddress.Parse((await fixture.Docker.Containers.InspectContainerAsync(id, cancel)).NetworkSettings!.Networks.Values.Single().IPAddress);
        var took = sends ? await DrainAsync(address, Bytes) : await FillAsync(address, id, Bytes);

        // The bucket may be full at the beginning; what is beyond it passes at the rate. Slower is no fault of the limit.
        double least = (Bytes - 200_000) * 8 / (Megabits * 1e6);
        Assert.True(took.TotalSeconds >= least, $"{Bytes} bytes passed in {took.TotalSeconds:0.00} s, which at {Megabits} Mbit/s take {least:0.00} s.");
    }

    [Fact]
    public async Task A_process_that_has_ended_needs_no_limit()
    {
        (_, string id) = await fixture.StartAsync(fixture.Plan("sleep", "1000"), cancel);
        int pid = (await fixture.Runtime.InspectAsync(id, cancel))!.Pid;
        await fixture.Runtime.RemoveAsync(id, cancel);
        Assert.False(await new KernelBandwidthLimit().ApplyAsync(pid, 8, cancel));
    }

    private async Task<TimeSpan> DrainAsync(IPAddress address, int bytes)
    {
        using var client = await ConnectAsync(address);
        long begun = TimeProvider.System.GetTimestamp();
        byte[] buffer = new byte[65_536];
        int seen = 0;
        while (seen < bytes && await client.GetStream().ReadAsync(buffer, cancel) is > 0 and int read)
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
        await client.GetStream().WriteAsync(new byte[bytes], cancel);
        client.Client.Shutdown(SocketShutdown.Send);
        while ((await fixture.Runtime.ReadLogAsync(id, 10, cancel)).Lines.All(line => line.Trim() != bytes.ToString(CultureInfo.InvariantCulture)))
        {
            await Task.Delay(20, cancel);
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
                await client.ConnectAsync(address, 8080, cancel);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
                await Task.Delay(50, cancel);
            }
        }
    }

    private async Task<IReadOnlyList<string>> RunAsync(string line, ulong memory = 32)
    {
        var plan = fixture.Plan("sh", "-c", line);
        (_, string id) = await fixture.StartAsync(plan with { Reserved = plan.Reserved with { Memory = memory } }, cancel);
        await fixture.UntilExitedAsync(id, cancel);
        return (await fixture.Runtime.ReadLogAsync(id, 100, cancel)).Lines;
    }
}
