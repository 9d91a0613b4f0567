using Azure.Storage.Blobs.Specialized;
using Dweb.Durable.Hub;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Durable.Tests.Hub;

public sealed class LeaseTests(Azurite azurite) : HubTest(azurite)
{
    [Fact]
    public async Task A_restart_on_the_same_machine_takes_the_lease_over_at_once()
    {
        var harness = Harness(Registry());
        await harness.CrashAsync(await harness.StartAsync());

        // The storage still counts the lease as held; waiting it out would exceed a clock that stands still.
        await using var next = Lease(harness, new FakeTimeProvider());
        await next.AcquireAsync(Ct);
        await next.EnsureFreshAsync(Ct);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_owner_is_refused_while_the_first_one_lives(bool withLockFile)
    {
        var harness = Harness(Registry(), useLockFile: withLockFile);
        await harness.StartAsync();
        var time = new FakeTimeProvider();
        await using var second = Lease(harness, time);

        var acquiring = second.AcquireAsync(Ct);
        while (!acquiring.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        var refused = await Assert.ThrowsAsync<HubLeaseException>(() => acquiring);
        Assert.Contains("held by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_given_back_can_be_had_at_once_from_elsewhere()
    {
        var harness = Harness(Registry(), useLockFile: false);
        var first = await harness.StartAsync();
        await first.StopAsync(Ct);

        await using var second = Lease(harness, new FakeTimeProvider());
        await second.AcquireAsync(Ct);
    }

    [Fact]
    public async Task A_stale_lease_is_renewed_before_anything_is_committed_and_a_lost_one_refuses()
    {
        var harness = Harness(Registry(), useLockFile: false);
        await harness.Store.CreateAsync(Ct);
        var time = new FakeTimeProvider();
        await using var lease = Lease(harness, time);
        await lease.AcquireAsync(Ct);
        time.Advance(TimeSpan.FromSeconds(11));
        await lease.EnsureFreshAsync(Ct);
        Assert.False(lease.Lost.IsCancellationRequested);

        await harness.Store.Container.GetBlobClient("lease").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Ct);
        time.Advance(TimeSpan.FromSeconds(11));

        await Assert.ThrowsAsync<HubLeaseException>(async () => await lease.EnsureFreshAsync(Ct));
        Assert.True(lease.Lost.IsCancellationRequested);
    }

    private static BlobHubLease Lease(HubHarness harness, TimeProvider time) => new(harness.Options, harness.Store.Container, time, NullLogger.Instance);
}
