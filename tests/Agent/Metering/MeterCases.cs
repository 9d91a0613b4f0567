using Dweb.Agent.Metering;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Runtimes.Conformance;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Metering;

/// <summary>What the meters read, against loads that are known.</summary>
public abstract class MeterCases(RuntimeUnderTest engine) : RuntimeCases(engine)
{
    private const int Sent = 3_000_000;

    private readonly LeaseMeter meter = new(ContainerCounters.ForThisMachine(), new EngineClock(engine.Runtime.ReadTimeAsync, TimeProvider.System), MeterState.Zero);

    [Case]
    public async Task A_busy_loop_is_counted_as_the_kernel_counts_it_and_not_beyond_its_limit()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sh", "-c", "while true; do :; done"), Cancel);
        var entry = await ReadUntilAsync(id, static e => e.Cpu >= 500);

        // Limited to half a CPU; the kernel's accounting period may add one slice.
        Assert.InRange(entry.Cpu, 500UL, ((entry.Seconds + 1) * 500UL) + 100);
    }

    [Case]
    public async Task Memory_that_is_held_is_counted_for_as_long_as_it_is_held()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sh", "-c", "x=$(head -c 8000000 /dev/zero | tr '\\0' x); while true; do sleep 1; done"), Cancel);
        var entry = await ReadUntilAsync(id, static e => e.Memory >= 24);
        Assert.InRange(entry.Memory, 24UL, (entry.Seconds + 1) * 32UL);
    }

    [Case]
    public async Task Bytes_over_the_network_are_counted_in_both_directions()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sh", "-c", "while true; do head -c 3000000 /dev/zero | nc -l -p 8080 -w 5; done"), Cancel);
        int port = (await Runtime.InspectAsync(id, Cancel))!.Ports[8080];
        // The engine's proxy takes connections before anything listens inside, and drops those.
        while (await DrainAsync(port) is var left && left > 0)
        {
            Assert.Equal(Sent, left);
            await Task.Delay(50, Cancel);
        }

        var state = await SeeAsync(id);
        Assert.InRange((long)state.Sent.Total, 3_000_000, 3_600_000);
        Assert.InRange((long)state.Received.Total, 1_000, 1_000_000);
    }

    /// <returns>Bytes that were sent and did not arrive.</returns>
    private async Task<int> DrainAsync(int port)
    {
        using var sink = new System.Net.Sockets.TcpClient();
        try
        {
            await sink.ConnectAsync(System.Net.IPAddress.Loopback, port, Cancel);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Without such a proxy they are refused.
            return Sent;
        }

        await using var stream = sink.GetStream();
        int left = Sent;
        byte[] buffer = new byte[65_536];
        try
        {
            while (left > 0 && await stream.ReadAsync(buffer, Cancel) is > 0 and int read)
            {
                left -= read;
            }
        }
        catch (IOException) when (left == Sent)
        {
            // Reset instead of closed: dropped all the same.
        }

        return left;
    }

    [Case]
    public async Task Time_goes_on_over_a_restart_without_the_pause()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        await ReadStateUntilAsync(id, static s => s.RunningMs >= 500);
        await Runtime.StopAsync(id, Cancel);
        long first = (await SeeAsync(id)).RunningMs;
        await Task.Delay(300, Cancel);
        Assert.Equal(first, (await SeeAsync(id)).RunningMs);
        await Runtime.StartAsync(id, Cancel);
        Assert.Equal(first, (await SeeAsync(id)).Clock.PastMs);
        Assert.True((await ReadStateUntilAsync(id, s => s.RunningMs > first + 100)).RunningMs > first);
    }

    [Case]
    public async Task A_container_that_was_ended_without_a_word_is_found_to_run_no_more_and_counts_to_its_end()
    {
        (_, string id) = await Engine.StartAsync(Engine.Plan("sleep", "1000"), Cancel);
        await ReadStateUntilAsync(id, static s => s.RunningMs >= 100);
        await Runtime.StopAsync(id, Cancel);
        long read = meter.Read(out bool isLost).RunningMs;
        Assert.True(isLost);
        var ended = (await Runtime.InspectAsync(id, Cancel))!;
        var state = await SeeAsync(id);
        Assert.InRange(state.RunningMs, read, (long)(ended.FinishedAt - ended.StartedAt)!.Value.TotalMilliseconds);
    }

    private async Task<UsageEntry> ReadUntilAsync(string id, Predicate<UsageEntry> enough)
    {
        var handle = new LeaseHandle(1);
        return (await ReadStateUntilAsync(id, s => enough(s.ToEntry(handle)))).ToEntry(handle);
    }

    /// <summary>Asks the engine once, and reads the kernel's counters from then on.</summary>
    private async Task<MeterState> ReadStateUntilAsync(string id, Predicate<MeterState> enough)
    {
        var state = await SeeAsync(id);
        while (!enough(state))
        {
            await Task.Delay(50, Cancel);
            state = meter.Read(out bool isLost);
            Assert.False(isLost);
        }

        return state;
    }

    private async Task<MeterState> SeeAsync(string id) => await meter.SeeAsync((await Runtime.InspectAsync(id, Cancel))!, storage: 0, Cancel);
}
