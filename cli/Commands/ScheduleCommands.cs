using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <param name="Block">That opened it.</param>
/// <param name="ReadAt">Block of whose market the placement was recomputed; the newest that gives the same, or the one before <paramref name="Block"/>.</param>
/// <param name="Silent">Names of COEs that must not have been heard.</param>
/// <param name="Sentences">All of this in words.</param>
internal sealed record ScheduleAudit(
    Hash32 Lease, Hash32 Order, ulong Block, Hash32 Transaction, ulong ReadAt, AuditOutcome Outcome, IReadOnlyList<string> Silent, IReadOnlyList<string> Sentences);

/// <summary><c>schedule verify</c>: recomputes from public data alone why a lease went where it did.</summary>
internal static class ScheduleCommands
{
    // A plan is sent as soon as it is signed: a few blocks lie between the market that was read and the opening, never many.
    private const ulong MostBlocksBack = 12;

    public static Command Create(Verbs verbs) => Verbs.Group("schedule", "What the scheduler decided, and whether anybody would have.", Verify(verbs));

    private static Command Verify(Verbs verbs)
    {
        var name = LeaseCommands.LeaseArgument();
        return verbs.Verb(
            "verify", "Recomputes from the chain why a lease went where it did.", "dweb schedule verify 0x9f86d081", [name], async (run, cancellationToken) =>
            {
                var lease = await LeaseCommands.ResolveAsync(run, run.Get(name), cancellationToken);
                var audit = await AuditAsync(run, lease, cancellationToken);
                run.Printer.Show(audit, CliJson.Default.ScheduleAudit, static a => a.Sentences.ToList().ForEach(Printer.Line));
                if (audit.Outcome == AuditOutcome.Unexplained)
                {
                    throw new DwebException(Catalogue.PlacementUnexplained, audit.Sentences[^1]);
                }
            });
    }

    private static async Task<ScheduleAudit> AuditAsync(Run run, OnchainLease lease, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var plan = await CarriedOutPlan.OfAsync(chain, lease, cancellationToken);
        var confined = await ConfinedCoes.ReadAsync(plan, run.Api, cancellationToken);
        var market = new MarketAtBlock(chain);
        (MarketSnapshot Snapshot, PlacementAuditResult Audit)? best = null;
        for (ulong back = 1; back <= MostBlocksBack && plan.Block >= chain.Addresses.Block + back; back++)
        {
            ulong block = plan.Block - back;
            var snapshot = await market.ReadAsync(block, cancellationToken);
            var audit = PlacementAudit.Of(snapshot, (await plan.RequestAsync(chain, block, cancellationToken)).ConfinedTo(confined), plan.Places);
            if (best is null || audit.Outcome < best.Value.Audit.Outcome)
            {
                best = (snapshot, audit);
            }

            if (audit.Outcome == AuditOutcome.Reproduced)
            {
                break;
            }
        }

        var (read, found) = best!.Value;
        return new ScheduleAudit(
            lease.Id, lease.Key.OrderHash, plan.Block, plan.Transaction, read.Block, found.Outcome,
            [.. found.Silent.Select(coe => ScheduleSentences.NameOf(read, coe))], ScheduleSentences.Of(lease, plan, read, found));
    }
}
