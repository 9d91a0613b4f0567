using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>COEs of the index with the registry: what they have and ask, and the sums that are assigned and locked.</summary>
internal sealed class CoeComparison(Market market, ChainContracts contracts, ChainLook look, Rereading rereading) : IComparison
{
    private const int MostOfAPage = 200;

    public string Part => ComparisonParts.Coes;

    // A COE that the index has lost is still named by the leases on it.
    public Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken) => Task.FromResult(Subjects.After(
        market.Coes.Keys.Concat(market.Leases.Where(static lease => lease.IsLive).Select(static lease => lease.Coe)), after, MostOfAPage));

    public Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken) => look.TakeAsync(
        () => subjects.Select(Hash32.Parse).Select(coe => (Coe: coe, Held: market.Coes.GetValueOrDefault(coe))).ToList(),
        async (held, views) =>
        {
            var records = held.Select(coe => views.CoeRegistry.CoeOfAsync(coe.Coe, views.At, cancellationToken)).ToList();
            var offers = held.Select(coe => views.CoeRegistry.OfferOfAsync(coe.Coe, contracts.LeaseBook.Address, views.At, cancellationToken)).ToList();
            await views.Batch.SendAsync(cancellationToken);
            var findings = new List<Finding>();
            for (int i = 0; i < held.Count; i++)
            {
                var chain = ContractMessages.ToRecord(held[i].Coe, await records[i], await offers[i]);
                if (Compare(chain.Status == CoeStatus.None ? null : chain, held[i].Held, views.Now) is { Any: true } differences)
                {
                    string id = held[i].Coe.ToString();
                    findings.Add(differences.ToFinding(Part, id, FindingKind.CoeDiffers, id));
                }
            }

            return (ComparedCounts.None with { Coes = held.Count }, findings);
        },
        cancellationToken);

    public Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken) => rereading.CoeAsync(Hash32.Parse(finding.Subject), cancellationToken);

    private static Differences Compare(CoeRecord? chain, CoeRecord? held, ulong now)
    {
        var differences = new Differences();
        differences.Compare("known", chain is not null, held is not null);
        if (chain is null || held is null)
        {
            return differences;
        }

        differences.Compare("name", chain.Name, held.Name);
        differences.Compare("host", chain.Host, held.Host);
        differences.Compare("agent", chain.Agent, held.Agent);
        differences.Compare("status", chain.Status, held.Status);
        differences.Compare("region", chain.Region, held.Region);
        differences.Compare("capacity", chain.Capacity, held.Capacity);
        differences.Compare("assigned", chain.Assigned, held.Assigned);
        differences.Compare("ask", chain.AskAt(now), held.AskAt(now));
        differences.Compare("next ask", NextAsk(chain, now), NextAsk(held, now));
        differences.Compare("next ask from", NextFrom(chain, now), NextFrom(held, now));
        differences.Compare("stake", chain.Stake, held.Stake);
        differences.Compare("locked", chain.Locked, held.Locked);
        differences.Compare("host image", chain.OsImage, held.OsImage);
        differences.Compare("host image revoked", chain.OsRevoked, held.OsRevoked);
        differences.Compare("accepts the book", chain.AcceptsBook, held.AcceptsBook);
        differences.Compare("endpoint", chain.Endpoint, held.Endpoint);
        return differences;
    }

    // A rise that has come into force is the ask; the registry forgets that it was to come, and no event tells of that.
    private static IReadOnlyList<System.Numerics.BigInteger> NextAsk(CoeRecord coe, ulong now) => now < coe.NextAskFrom ? coe.NextAsk : coe.AskAt(now);

    private static ulong NextFrom(CoeRecord coe, ulong now) => now < coe.NextAskFrom ? coe.NextAskFrom : 0;
}
