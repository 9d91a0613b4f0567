using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>
/// The control plane is killed before and after each write that the story of an order makes it do: to tables, queues, blobs and the chain. Started again, it
/// comes to the same end.
/// </summary>
[Trait("Category", "Integration")]
public sealed class KillPointTests : IAsyncDisposable
{
    private readonly KillRun run = new(Theatre.OfTheControlPlane);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => run.DisposeAsync();

    [Fact(Timeout = 2 * TestStack.PatienceMs)]
    public Task A_story_ends_the_same_whatever_write_the_control_plane_dies_at() => KillAsync(atMost: 2);

    [Fact(Explicit = true)]
    public Task A_story_ends_the_same_at_every_write_that_the_control_plane_can_die_at() => KillAsync(atMost: int.MaxValue);

    private async Task KillAsync(int atMost) =>
        Assert.Contains(await run.KillAsync(atMost, Cancel), static point => point.Write == "transaction");
}
