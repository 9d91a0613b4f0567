using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Durable;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Reconciling;

/// <summary>Rows of orders, and the orchestrations that see to them, with what the index has of their leases.</summary>
internal sealed class OrderRowComparison(Market market, OrderStore orders, OrderRecovery recovery, Lifecycles lifecycles) : IComparison
{
    private const int MostOfAPage = 50;

    public string Part => ComparisonParts.OrderRows;

    public Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken) =>
        Task.FromResult(Subjects.After(market.Orders.Keys, after, MostOfAPage));

    public async Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(subjects.Select(subject => LookAsync(Hash32.Parse(subject), cancellationToken)));
        return new Look(null, ComparedCounts.None with { OrderRows = subjects.Count }, [.. findings.SelectMany(static some => some)]);
    }

    public async Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken)
    {
        var orderHash = Hash32.Parse(finding.Subject);
        if (market.Orders.TryGetValue(orderHash, out var admitted))
        {
            await recovery.RunAsync(admitted, cancellationToken);
            await lifecycles.LookAgainAsync(orderHash, run, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        var row = orders.FindAsync(orderHash, cancellationToken);
        var lifecycle = await lifecycles.FindAsync(orderHash, cancellationToken);
        var leases = market.LeasesOfOrder(orderHash);
        var findings = new List<Finding>();
        if (!market.Orders.ContainsKey(orderHash))
        {
            // Its blocks were replaced since the page was begun.
            return findings;
        }

        // A replica that may be placed again keeps its order going, also while nobody can take it.
        var newest = leases.GroupBy(static lease => (lease.Service, lease.Replica)).Select(static replica => replica.MaxBy(static lease => lease.Generation)!).ToList();
        var stored = await row;
        if (stored is null)
        {
            Add(FindingKind.OrderWithoutRow, "a row, for the chain has admitted it", "no row");
        }
        else if (ExpectedOf(stored, leases, newest) is { } expected)
        {
            Add(FindingKind.OrderStatus, expected, stored.Status.ToString());
        }

        bool goesOn = newest.Exists(static lease => lease.IsLive) || (stored is { IsTerminal: false } && newest.Exists(static lease => lease.Reason.MakesRoom()));
        if (goesOn && (lifecycle is null || lifecycle.Value.IsTerminal()))
        {
            Add(FindingKind.LifecycleMissing, "an orchestration, for it has leases that are open or to be opened again", lifecycle?.ToString() ?? "none");
        }

        return findings;

        void Add(string kind, string expected, string found) => findings.Add(new Finding(Part, orderHash.ToString(), kind, orderHash.ToString(), expected, found));
    }

    /// <returns>What a row should say that says something else; null where what it says may be so.</returns>
    private static string? ExpectedOf(OrderRow row, IReadOnlyList<LeaseRecord> leases, List<LeaseRecord> newest)
    {
        var status = row.Status;
        if (leases.Count == 0 || status is OrderStatus.Rejected or OrderStatus.Failed)
        {
            return null;
        }

        bool allClosed = leases.All(static lease => lease.State == LeaseState.Closed);
        return status == OrderStatus.Closed ? (newest.Exists(static lease => lease.IsLive) ? "a status before Closed, for it has leases that are open" : null)
            : newest.Exists(static lease => lease.IsLive || lease.Reason.MakesRoom()) ? ExpectedOfOpen(row, newest)
            : allClosed ? "Closed, for all leases are"
            : status == OrderStatus.Closing ? null
            : "Closing, for all leases have ended";
    }

    /// <summary>A row that came back while the order's orchestration went on is where nobody moves it from.</summary>
    private static string? ExpectedOfOpen(OrderRow row, List<LeaseRecord> newest) =>
        row.Status is OrderStatus.Accepted or OrderStatus.Opening && newest.Count == row.Order.Services.Sum(static service => service.Replicas)
            ? "Starting or later, for every replica has a lease"
            : null;
}
