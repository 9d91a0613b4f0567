using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>
/// What agents that are heard name in their heartbeats, with the leases of their COEs. What an agent names beyond them it stops itself by what it reads on
/// chain, and a lease that no agent starts ends as a no-show: these are told, and nothing is done about them here.
/// </summary>
internal sealed class AgentComparison(Market market, Heartbeats heartbeats, NamedLeases named, ChainLook look, Rereading rereading) : IComparison
{
    private const int MostOfAPage = 50;

    /// <summary>Seconds that an agent has at least to learn of a lease and to be heard with it.</summary>
    private const ulong Patience = 60;

    public string Part => ComparisonParts.Agents;

    public Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken) =>
        Task.FromResult(Subjects.After(market.Coes.Keys.Where(heartbeats.IsLive), after, MostOfAPage));

    public Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken) => look.TakeAsync(
        () => subjects.Select(Hash32.Parse).Select(Hold).OfType<HeldAgent>().ToList(),
        async (held, views) =>
        {
            var unknown = held.SelectMany(agent => agent.Unknown.Select(id => (agent.Coe, Lease: id, OnChain: views.LeaseBook.LeaseOfAsync(id, views.At, cancellationToken)))).ToList();
            await views.Batch.SendAsync(cancellationToken);
            var findings = held.SelectMany(agent => Compare(agent, views.Now)).ToList();
            foreach (var (coe, lease, onChain) in unknown)
            {
                findings.Add(OfUnknown(coe, lease, await onChain));
            }

            return (ComparedCounts.None with { Agents = held.Count }, findings);
        },
        cancellationToken);

    public Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken) =>
        finding.Kind == FindingKind.LeaseNotIndexed ? rereading.OrderOfLeaseAsync(Hash32.Parse(finding.Id), cancellationToken) : Task.CompletedTask;

    private HeldAgent? Hold(Hash32 coe) => heartbeats.IsLive(coe) && named.Find(coe) is { } names
        ? new HeldAgent(coe, names, [.. names.Where(id => market.FindLease(id) is null)], [.. names.Select(market.FindLease).OfType<LeaseRecord>().Where(lease => lease.Coe != coe)], market.LeasesOfCoe(coe))
        : null;

    private IEnumerable<Finding> Compare(HeldAgent agent, ulong now)
    {
        string name = market.NameOfCoe(agent.Coe);
        ulong patience = Math.Max(Patience, (ulong)heartbeats.Span.TotalSeconds);
        var unnamed = agent.Leases.Where(lease => lease.State == LeaseState.Open && now > lease.Origin + patience && now < lease.FundedUntil && !agent.Named.Contains(lease.LeaseId));
        return agent.Foreign.Select(lease => Of(agent.Coe, FindingKind.LeaseForeign, lease.LeaseId, $"on COE {market.NameOfCoe(lease.Coe)}", $"named by the agent of {name}"))
            .Concat(unnamed.Select(lease => Of(agent.Coe, FindingKind.LeaseUnnamed, lease.LeaseId, $"named by the agent of {name}, which is heard", "not named")));
    }

    private Finding OfUnknown(Hash32 coe, Hash32 lease, Lease onChain) => (LeaseState)onChain.State == LeaseState.None
        ? Of(coe, FindingKind.LeaseUnknown, lease, "no such lease", $"named by the agent of {market.NameOfCoe(coe)}")
        : Of(coe, FindingKind.LeaseNotIndexed, lease, $"{(LeaseState)onChain.State} on chain", "not in the index");

    private Finding Of(Hash32 coe, string kind, Hash32 lease, string expected, string found) => new(Part, coe.ToString(), kind, lease.ToString(), expected, found);

    /// <param name="Unknown">Of those that its agent names.</param>
    /// <param name="Foreign">Of those that its agent names.</param>
    /// <param name="Leases">That the index has on it.</param>
    private sealed record HeldAgent(
        Hash32 Coe, IReadOnlySet<Hash32> Named, IReadOnlyList<Hash32> Unknown, IReadOnlyList<LeaseRecord> Foreign, IReadOnlyList<LeaseRecord> Leases);
}
