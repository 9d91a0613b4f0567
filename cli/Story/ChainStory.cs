using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Errors;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Cli.Story;

/// <summary>
/// What the chain's events say of one order. Logs are told one after the other, in the order of the chain: what a settlement pays for a lease
/// follows from what was settled before, by the chain's own rules.
/// </summary>
/// <param name="nameOf">Of a service by its index.</param>
/// <param name="coeOf">Name of a COE.</param>
internal sealed class ChainStory(Func<ushort, string> nameOf, Func<Hash32, string> coeOf)
{
    private readonly Dictionary<Hash32, Told> leases = [];
    private readonly Dictionary<LeaseHandle, Hash32> handles = [];

    /// <param name="time">Unix seconds of the log's block.</param>
    public IEnumerable<StoryLine> Tell(ChainLog log, ulong time)
    {
        long at = (long)time * 1_000;
        if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled))
        {
            return Settle(settled).Select(part => Line(log, at, "settled", part.Replica, part.Text) with { Settled = part.Settled });
        }

        return (OfOrder(log) ?? OfOpening(log) ?? OfLease(log)) is { } h ? [Line(log, at, h.Kind, h.Replica, h.Text)] : [];
    }

    private static StoryLine Line(ChainLog log, long at, string kind, string? replica, string text) =>
        new(at, "chain", kind, replica, text, log.BlockNumber, log.TransactionHash);

    private static Happening? OfOrder(ChainLog log) =>
        LeaseBook.Events.OrderAdmitted.TryDecode(log, out var admitted)
            ? new("admitted", null, $"the chain admits the order: at most {SentenceValues.Tokens(admitted.Order.MaxTotal)}, {admitted.Order.Duration} s, {admitted.Order.Prepay} s of them prepaid")
        : LeaseBook.Events.OrderCancelled.TryDecode(log, out _) ? new("cancelled", null, "the user cancels the order: no lease is opened or funded any more")
        : LeaseBook.Events.EntrySkipped.TryDecode(log, out var skipped)
            ? new("skipped", null, $"the chain passes over entry {skipped.Index} of the plan: {SkipSentences.Of((SkipCode)skipped.Code)}")
        : null;

    private Happening? OfOpening(ChainLog log)
    {
        if (!LeaseBook.Events.LeaseOpened.TryDecode(log, out var o))
        {
            return null;
        }

        var before = leases.Values.LastOrDefault(l => l.Service == o.Service && l.Replica == o.Replica);
        var terms = ContractResults.Of(o.Terms);
        var account = new LeaseAccount(LeaseState.Open, EndReason.None, o.Origin, o.Limit, 0, terms, UsageMerge.Empty);
        leases[o.LeaseId] = new Told(o.Service, o.Replica, o.Coe, account);
        handles[LeaseHandle.Of(o.LeaseId)] = o.LeaseId;
        string money = $"at {terms.HostRate} gwei a second, {o.Limit} s funded, {SentenceValues.Tokens(o.Fenced)} set aside";
        return before is null
            ? new("opened", NameOf(leases[o.LeaseId]), $"opens on {coeOf(o.Coe)} {money}")
            : new("reopened", NameOf(leases[o.LeaseId]), $"goes on at {coeOf(o.Coe)} after {Words(before.Account.Reason)} on {coeOf(before.Coe)}, {money}");
    }

    private Happening? OfLease(ChainLog log)
    {
        if (log.Topics.Count < 2 || !leases.TryGetValue(log.Topics[1], out var lease))
        {
            return null;
        }

        var account = lease.Account;
        var (kind, text, next) = log switch
        {
            _ when LeaseBook.Events.LeaseRenewed.TryDecode(log, out var e) => (
                "renewed", $"is funded until {SentenceValues.Time(e.Origin + e.Limit)}, {SentenceValues.Tokens(e.Fenced)} set aside", account with { Origin = e.Origin, Limit = e.Limit }),
            _ when LeaseBook.Events.LeaseParked.TryDecode(log, out var e) => (
                "parked", $"is parked on {coeOf(lease.Coe)}: stopped, its storage kept; {SentenceValues.Tokens(e.Refunded)} refunded", account with { State = LeaseState.Parked, Limit = e.Limit }),
            _ when LeaseBook.Events.LeaseResumed.TryDecode(log, out _) => ("resumed", $"is resumed on {coeOf(lease.Coe)}", account with { State = LeaseState.Open }),
            _ when LeaseBook.Events.LeaseEnding.TryDecode(log, out var e) => (
                "ending", $"ends on {coeOf(lease.Coe)} ({Words((EndReason)e.Reason)}); {SentenceValues.Tokens(e.Refunded)} refunded at once",
                account with { State = LeaseState.Ending, Reason = (EndReason)e.Reason, EndedAt = e.EndedAt }),
            _ when LeaseBook.Events.LeaseClosed.TryDecode(log, out var e) => (
                "closed", $"is closed: {SentenceValues.Tokens(e.Refunded)} refunded" + (e.BondToUser.IsZero ? "" : $", and the host's bond of {SentenceValues.Tokens(e.BondToUser)}"),
                account with { State = LeaseState.Closed, Reason = account.State == LeaseState.Open ? EndReason.NoShow : account.Reason }),
            _ when LeaseBook.Events.DisputeOpened.TryDecode(log, out var e) => (
                "disputed",
                $"is disputed, {e.SecondsDisputed} s in all: {SentenceValues.Tokens(e.Amount)} of its COE's pay and as much of the user's are set aside, a verdict is awaited until {SentenceValues.Time(e.VerdictUntil)}",
                account),
            _ when LeaseBook.Events.DisputeClosed.TryDecode(log, out var e) => (
                "decided", Outcome(e), account),
            _ when LeaseBook.Events.FaultAnswered.TryDecode(log, out _) => ("answered", "the host answers the fault and keeps its bond", account),
            _ => ("", "", account),
        };
        leases[log.Topics[1]] = lease with { Account = next };
        return kind.Length == 0 ? null : new Happening(kind, NameOf(lease), text);
    }

    private IEnumerable<(string Replica, string Text, SettledPart Settled)> Settle(LeaseBook.Events.UsageSettled settled)
    {
        foreach (var entry in UsageBatch.UnpackEntries(settled.Entries))
        {
            if (!handles.TryGetValue(entry.Handle, out var id))
            {
                continue;
            }

            var lease = leases[id];
            var after = lease.Account.After(entry, settled.AsOf);
            if (after.Code != UsageCode.Accepted || after.Counters == lease.Account.Settled)
            {
                continue;
            }

            var paid = lease.Account.ChargeOf(after.Counters) - lease.Account.Charged;
            var part = new SettledPart(after.Counters.Seconds - lease.Account.Settled.Seconds, paid.Host, paid.Royalty, paid.Fee);
            leases[id] = lease with { Account = lease.Account with { Settled = after.Counters } };
            if (paid.Total.IsZero)
            {
                // Counters that are only recorded moved, or the container has not run yet.
                continue;
            }

            yield return (NameOf(lease), $"is settled: {part.Words()}", part);
        }
    }

    private string NameOf(Told lease) => $"{nameOf(lease.Service)}-{lease.Replica}";

    /// <summary>A verdict gives one of them everything; each gets their own back when none was found in time.</summary>
    private static string Outcome(LeaseBook.Events.DisputeClosed closed) => (closed.Refunded.IsZero, closed.ToHost.IsZero) switch
    {
        (false, true) => $"was not served, says the verdict: its user gets {SentenceValues.Tokens(closed.Refunded)}, pay and bond",
        (true, false) => $"was served, says the verdict: its host gets {SentenceValues.Tokens(closed.ToHost)}, pay and bond",
        _ => $"is disputed no longer, without a verdict: {SentenceValues.Tokens(closed.Refunded)} of bond to its user, {SentenceValues.Tokens(closed.ToHost)} of pay to its host",
    };

    private static string Words(EndReason reason) => reason switch
    {
        EndReason.User => "its user ended it",
        EndReason.Moved => "its user moved it",
        EndReason.HostDrain => "its host gave it back",
        EndReason.Declined => "its host declined it",
        EndReason.HostFault => "its host was found at fault",
        EndReason.NoShow => "its host never started it",
        EndReason.Expired => "its duration is over",
        EndReason.Unfunded => "its funds ended",
        EndReason.RevokedMalicious => "its image is marked as malicious",
        EndReason.Upgrade => "an upgrade replaced it",
        _ => "the end of the lease",
    };

    private sealed record Happening(string Kind, string? Replica, string Text);

    private sealed record Told(ushort Service, ushort Replica, Hash32 Coe, LeaseAccount Account);
}
