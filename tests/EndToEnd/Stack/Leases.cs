using Dweb.Core.Protocol;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Leases as the chain's events tell them.</summary>
internal static class Leases
{
    /// <summary>The lease of an order of one replica, once it is open.</summary>
    public static async Task<Hash32> OnlyOneAsync(RealStack stack, string orderHash, CancellationToken cancellationToken) =>
        (await OfAsync(stack, orderHash, 1, cancellationToken)).Single();

    /// <summary>Waits until so many are open; more than that fail the test.</summary>
    public static async Task<IReadOnlyList<Hash32>> OfAsync(RealStack stack, string orderHash, int count, CancellationToken cancellationToken)
    {
        var leases = await Deadline.UntilAsync($"{count} leases of order {orderHash}", async stop =>
            await stack.Chain.OpeningsAsync(stop, Hash32.Parse(orderHash)) is { } opened && opened.Count >= count ? opened : null, cancellationToken);
        Assert.Equal(count, leases.Count);
        return [.. leases.Select(static l => l.LeaseId)];
    }

    /// <summary>Waits until the chain has paid for more than so many seconds.</summary>
    public static Task PaidAsync(RealStack stack, Hash32 lease, uint moreThan, CancellationToken cancellationToken) => Deadline.UntilAsync(
        $"more than {moreThan} seconds of lease {lease} are settled",
        async stop => (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: stop)).SecondsRun > moreThan, cancellationToken);
}
