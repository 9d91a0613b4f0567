using Dweb.Core.Manifest;
using Dweb.Functions.Leases;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Tests.Leases;

public sealed class RolloutPaceTests
{
    private static readonly RolloutSettings Settings = new(OverlapSeconds: 120, MonitorSeconds: 10);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(256, 64)]
    public void What_a_user_leaves_open_is_a_quarter_at_a_time_beside_the_old_ones_and_back_when_it_fails(int replicas, int parallelism) =>
        Assert.Equal(new RolloutPace(parallelism, 0, 10, 120, FailureAction.Rollback), RolloutPace.Of(null, replicas, Settings, toSigned: false));

    [Fact]
    public void What_a_user_wrote_counts() => Assert.Equal(
        new RolloutPace(2, 5, 60, 0, FailureAction.Continue),
        RolloutPace.Of(new UpdateSpec(2, 5, 60, FailureAction.Continue, UpdateSequence.StopFirst), 10, Settings, toSigned: true));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-1, 3)]
    [InlineData(9, 3)]
    [InlineData(2, 2)]
    public void No_more_replicas_are_moved_at_a_time_than_there_are(int wanted, int parallelism) =>
        Assert.Equal(parallelism, RolloutPace.Of(new UpdateSpec(Parallelism: wanted), 3, Settings, toSigned: false).Parallelism);

    [Fact]
    public void A_spec_that_was_signed_out_of_range_waits_no_longer_than_the_most() =>
        Assert.Equal((0, 3_600), (RolloutPace.Of(new UpdateSpec(DelaySeconds: -5), 1, Settings, false).DelaySeconds, RolloutPace.Of(new UpdateSpec(MonitorSeconds: 9_999), 1, Settings, false).MonitorSeconds));

    [Fact]
    public void From_the_signed_image_is_no_way_back() =>
        Assert.Equal(FailureAction.Pause, RolloutPace.Of(null, 1, Settings, toSigned: true).OnFailure);
}
