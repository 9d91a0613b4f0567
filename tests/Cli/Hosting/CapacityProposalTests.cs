using Dweb.Cli.Hosting;
using Dweb.Core.Resources;

namespace Dweb.Cli.Tests.Hosting;

public sealed class CapacityProposalTests
{
    [Fact]
    public void A_share_of_all_that_was_found_is_offered_and_the_transfer_follows_from_the_line() => Assert.Equal(
        new ResourceVector(3_600, 7_200, 90_000, 900, 27_157), CapacityProposal.Of(new DetectedMachine(4_000, 8_000, 100_000), 1_000, 90));

    [Fact]
    public void No_line_carries_nothing() => Assert.Equal(0UL, CapacityProposal.TransferOf(0));

    [Fact]
    public void A_line_beyond_all_measure_is_no_overflow() => Assert.True(CapacityProposal.TransferOf(ulong.MaxValue) > 0);

    [Fact]
    public void A_machine_is_found_also_where_its_folders_are_not_there_yet()
    {
        var machine = DetectedMachine.Look([Path.Combine(Path.GetTempPath(), "not", "there", "yet"), "/"]);

        Assert.Equal(1_000UL * (ulong)Environment.ProcessorCount, machine.Cpu);
        Assert.True(machine is { Memory: > 0, Storage: > 0 }, machine.ToString());
    }
}
