using Dweb.Agent.Leases;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Leases;

public sealed class LeaseRecordTests
{
    [Theory]
    [InlineData("Started")]
    [InlineData("Ended")]
    public void A_started_lease_keeps_what_was_verified_and_only_hears_whether_to_stop(string stage)
    {
        var started = LeaseRecord.For(Given.Assignment()) with { Stage = Enum.Parse<LeaseStage>(stage) };
        var told = started.Take(Given.Assignment(Given.Spec("evil")) with { ImageDigest = Keccak256.Hash("another"), Stop = true });
        Assert.Equal(Given.Assignment() with { Stop = true }, told.Assignment);
        Assert.Equal(started.Stage, told.Stage);
    }

    [Fact]
    public void A_refused_lease_is_tried_again_with_what_is_new()
    {
        var next = Given.Assignment(Given.Spec("other"));
        var told = (LeaseRecord.For(Given.Assignment()) with { Stage = LeaseStage.Refused }).Take(next);
        Assert.Equal((next, LeaseStage.Waiting), (told.Assignment, told.Stage));
    }

    [Fact]
    public void A_container_that_was_found_without_a_record_takes_its_first_assignment()
    {
        var found = new LeaseRecord(Given.Assignment().LeaseId, null, LeaseStage.Started, null, null, Dweb.Agent.Metering.MeterState.Zero);
        Assert.Equal(Given.Assignment(), found.Take(Given.Assignment()).Assignment);
    }
}
