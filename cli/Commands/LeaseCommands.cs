using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;

namespace Dweb.Cli.Commands;

/// <summary>One lease and what its user, its host or anyone may do to it, on the chain alone.</summary>
internal static class LeaseCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "lease", "One lease: its money, its end, its disputes.",
        LeaseShowCommand.Create(verbs),
        Timed(verbs, "renew", "Funds a lease for more seconds.", "the funding for", static (book, lease, seconds) => book.Renew(lease.Order, lease.Key, seconds)),
        Plain(verbs, "park", "Stops the container and keeps its storage.", "alice", "the parking of", static (book, lease) => book.Park(lease.Key)),
        Timed(verbs, "resume", "Starts a parked lease again, funded for more seconds.", "the resumption for", static (book, lease, seconds) => book.Resume(lease.Order, lease.Key, seconds)),
        Plain(verbs, "move", "As user or operator: ends a lease so that another COE takes over.", "alice", "the move of", static (book, lease) => book.Move(lease.Order, lease.Keys)),
        Plain(verbs, "drain", "As host: gives a lease back; one that has not started is declined.", "host1", "the return of", static (book, lease) => book.Drain(lease.Order, lease.Keys)),
        Plain(verbs, "answer", "As host: answers a fault that was found, which saves the bond.", "host1", "the answer to the fault of", static (book, lease) => book.Answer(lease.Key)),
        Timed(verbs, "dispute", "As user: disputes settled seconds; a bond as large as their pay is set aside.", "the dispute of", static (book, lease, seconds) => book.Dispute(lease.Key, seconds)),
        Plain(verbs, "lapse", "Closes a dispute about which no verdict was found in time; anyone may.", "alice", "the lapse of the dispute about", static (book, lease) => book.Lapse(lease.Key)),
        Plain(verbs, "no-show", "Ends a lease that its host never started in time; anyone may.", "alice", "the no-show of", static (book, lease) => book.NoShow(lease.Order, lease.Keys)),
        Plain(verbs, "expire", "Ends a lease whose time or money is over; anyone may.", "alice", "the expiry of", static (book, lease) => book.Expire(lease.Order, lease.Keys)),
        LeaseOpenDirectCommand.Create(verbs), LeaseFindingCommands.Fault(verbs), LeaseFindingCommands.Decide(verbs), LeaseFindingCommands.Upgrade(verbs),
        Plain(
            verbs, "stop-malicious", "Ends a lease whose image is marked as malicious; anyone may.", "alice", "the stop of",
            static (book, lease) => book.StopMalicious(lease.Opened.ImageDigest, lease.Keys)),
        Plain(verbs, "finalise", "Closes a lease after its late reports; anyone may.", "alice", "the closing of", static (book, lease) => book.Finalise(lease.Keys)));

    internal static Argument<string> LeaseArgument() => new("LEASE")
    {
        Description = "The beginning of a lease's id; of the wallet's own leases also SERVICE-REPLICA, as 'dweb ps' shows it.",
    };

    /// <summary>By id on the chain; by the names of services only the control plane knows it.</summary>
    internal static async Task<OnchainLease> ResolveAsync(Run run, string text, CancellationToken cancellationToken)
    {
        string id = IsId(text) ? text : (await new OwnOrders(run.Api, run.Login, run.Wallet).ResolveLeaseAsync(text, null, cancellationToken)).LeaseId.ToString();
        return await new LeaseNames(run.Chain).ResolveAsync(id, cancellationToken);
    }

    private static Command Plain(
        Verbs verbs, string verb, string description, string wallet, string change, Func<LeaseBook, OnchainLease, ContractCall> call)
    {
        var name = LeaseArgument();
        return verbs.Verb(verb, description, $"dweb lease {verb} 0x9f86d081 --wallet {wallet}", [name], (run, cancellationToken) => SendAsync(
            run, run.Get(name), lease => call(run.Chain.Book, lease), change, cancellationToken));
    }

    private static Command Timed(
        Verbs verbs, string verb, string description, string change, Func<LeaseBook, OnchainLease, uint, ContractCall> call)
    {
        var name = LeaseArgument();
        var seconds = new Argument<uint>("SECONDS") { Description = "How many." };
        return verbs.Verb(verb, description, $"dweb lease {verb} 0x9f86d081 600 --wallet alice", [name, seconds], (run, cancellationToken) => SendAsync(
            run, run.Get(name), lease => call(run.Chain.Book, lease, run.Get(seconds)), $"{change} {run.Get(seconds)} seconds of", cancellationToken));
    }

    private static async Task SendAsync(Run run, string text, Func<OnchainLease, ContractCall> call, string change, CancellationToken cancellationToken)
    {
        var lease = await ResolveAsync(run, text, cancellationToken);
        string shortId = lease.Id.ToString()[..14];
        await Change.SendAsync(run, call(lease), shortId, lease.Id.ToString(), $"{change} lease {shortId}", cancellationToken);
    }

    private static bool IsId(string text) => text.StartsWith("0x", StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigit);
}
