using Dweb.Functions.Leases;
using Dweb.Functions.Tests.Settling;

namespace Dweb.Functions.Tests.Leases;

/// <summary>Whether a lease has run, before the chain says so.</summary>
public sealed class DueLeasesTests
{
    private const uint Seconds = 5;
    private readonly Given given = new();

    [Theory]
    [InlineData(Seconds, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    public void A_lease_has_run_when_the_block_of_its_report_vouches_for_a_second_of_it(int afterOrigin, bool hasRun)
    {
        given.Register("a");
        var lease = given.Open("a", "1");
        var due = new DueLeases(given.Market, given.Book);
        Assert.False(due.HasRun(lease));

        given.Book.Take(Given.Sign("a", Given.AgentOf("a"), (ulong)((long)Given.Origin + afterOrigin), Seconds, [lease]));
        Assert.Equal(hasRun, due.HasRun(lease));
    }
}
