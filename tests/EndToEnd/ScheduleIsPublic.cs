using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests;

/// <summary>Why a lease went where it did is nobody's secret: the chain alone gives the same answer.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class ScheduleIsPublic(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_placement_of_an_order_is_reproduced_from_the_chain()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "public.yaml", Compose.Single("demo/web", "eu-central", replicas: 3));
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--wait")).Json().GetProperty("orderHash").GetString()!;

        foreach (var lease in await Leases.OfAsync(stack, order, 3, Stop))
        {
            var audit = (await stack.CliAsync(Role.User, Stop, "schedule", "verify", lease.ToString())).Json();
            Assert.Equal("Reproduced", audit.GetProperty("outcome").GetString());
            Assert.Contains(audit.GetProperty("sentences").EnumerateArray(), sentence => sentence.GetString()!.Contains("of 3 that can take it", StringComparison.Ordinal));
        }

        (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();
    }
}
