using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Epoch">The committee's, of which the signature is.</param>
/// <param name="Deadline">Unix time in seconds, the chain's, until which it counts.</param>
/// <param name="Signature">For <c>--signature</c> of whoever sends the finding.</param>
internal sealed record FindingView(Hash32 Lease, string Finding, ulong Epoch, ulong Deadline, EvmAddress Signer, EvmSignature Signature);

/// <summary>What scheduler members find about a lease.</summary>
internal sealed class LeaseFindingCommands
{
    private readonly Argument<string> lease = LeaseCommands.LeaseArgument();
    private readonly SigningOptions signing = new("a member");

    public static Command Fault(Verbs verbs)
    {
        var options = new LeaseFindingCommands();
        var since = new Option<ulong>("--dead-since") { Description = "Since when its COE does not answer, in Unix seconds of the chain.", HelpName = "TIME", Required = true };
        return options.Create(
            verbs, "fault", "As scheduler member: finds that a lease's COE is dead, which ends the lease.", "dweb lease fault 0x9f86d081 --dead-since 1764000000 --wallet member1",
            [since], (run, lease, epoch, until, _) =>
            {
                var found = new Messages.Fault(lease.Id, run.Get(since), epoch, until);
                return Task.FromResult(new Finding(
                    $"that the COE has been dead since {Errors.SentenceValues.Time(found.DeadSince)}", found.StructHash(),
                    all => run.Chain.Book.Fault(lease.Order, lease.Key, new Fault(found.LeaseId, found.DeadSince, epoch, until), all)));
            });
    }

    public static Command Decide(Verbs verbs)
    {
        var options = new LeaseFindingCommands();
        var verdict = new Argument<string>("VERDICT") { Description = "refund: the seconds were not served; none: they were, and the user's bond is the host's." };
        verdict.AcceptOnlyFromAmong("refund", "none");
        var disputed = new Option<uint>("--seconds") { Description = "Seconds of the lease that are disputed, as 'dweb lease show' has them.", HelpName = "N", Required = true };
        return options.Create(
            verbs, "decide", "As scheduler member: decides a dispute about a lease.", "dweb lease decide 0x9f86d081 refund --seconds 10 --wallet member1", [verdict, disputed],
            (run, lease, epoch, until, _) =>
            {
                var found = new Messages.Verdict(lease.Id, run.Get(disputed), run.Get(verdict) == "refund", epoch, until);
                return Task.FromResult(new Finding(
                    $"{(found.Refund ? "a refund" : "no refund")} of {found.DisputedSeconds} disputed seconds", found.StructHash(),
                    all => run.Chain.Book.Decide(lease.Key, new Verdict(found.LeaseId, found.DisputedSeconds, found.Refund, epoch, until), all)));
            });
    }

    public static Command Upgrade(Verbs verbs)
    {
        var options = new LeaseFindingCommands();
        var to = new Option<string?>("--to") { Description = "COE that the successor runs on; the lease's own otherwise.", HelpName = "COE" };
        var overlap = new Option<uint>("--overlap") { Description = "Seconds that the old lease goes on; at most 600.", HelpName = "N", DefaultValueFactory = static _ => 60 };
        return options.Create(
            verbs, "upgrade", "As scheduler member: replaces a lease by one with the image that channel stable points to.",
            "dweb lease upgrade 0x9f86d081 --overlap 60 --wallet member1", [to, overlap], async (run, lease, epoch, until, cancellationToken) =>
            {
                var order = await new AdmittedOrders(run.Chain).OfAsync(lease.Key.OrderHash, cancellationToken);
                var image = await run.Chain.Images.ImageOfAsync(lease.Opened.ImageDigest, cancellationToken: cancellationToken);
                var channel = await run.Chain.Images.ChannelOfAsync(image.Publisher, image.Name, "stable", cancellationToken: cancellationToken);
                var coe = run.Get(to) is { } name ? (await new CoeNames(run.Chain).ResolveAsync(name, run.Self, cancellationToken)).Id : lease.Key.Coe;
                var entry = await PlanEntries.MakeAsync(
                    run.Chain, order, lease.Key.Service, lease.Key.Replica, (ushort)(lease.Key.Generation + 1), coe, cancellationToken);
                var found = new Messages.Upgrade(lease.Key.OrderHash, channel.Current, [entry], run.Get(overlap), epoch, until);
                return new Finding(
                    $"the upgrade to {ImageCommands.Digest(found.ImageDigest)} on COE {coe.ToString()[..14]}", found.StructHash(),
                    all => run.Chain.Book.Upgrade(lease.Order, order.Services, ContractArguments.Of(found), [ContractArguments.Of(entry)], lease.Keys, all));
            });
    }

    private Command Create(
        Verbs verbs, string verb, string description, string example, IReadOnlyList<Symbol> own, Func<Run, OnchainLease, ulong, ulong, CancellationToken, Task<Finding>> find) =>
        verbs.Verb(verb, description, example, [lease, .. own, .. signing.All], async (run, cancellationToken) =>
        {
            var found = await LeaseCommands.ResolveAsync(run, run.Get(lease), cancellationToken);
            ulong epoch = await run.Chain.Committee.EpochAsync(cancellationToken: cancellationToken);
            ulong until = await signing.DeadlineAsync(run, cancellationToken);
            var finding = await find(run, found, epoch, until, cancellationToken);
            var digest = run.Chain.DomainOf(run.Chain.Addresses.LeaseBook).Digest(finding.StructHash);
            string shortId = found.Id.ToString()[..14];
            if (signing.OnlySigns(run))
            {
                var key = await run.Transactions.ApproveAsync($"{finding.Words}, about lease {shortId}", cancellationToken);
                var view = new FindingView(found.Id, finding.Words, epoch, until, key.Address, key.SignDigest(digest));
                run.Printer.Show(view, CliJson.Default.FindingView, static v =>
                {
                    Printer.Table(["LEASE", "FINDING", ">EPOCH", ">DEADLINE", "SIGNER"], [[v.Lease.ToString(), v.Finding, $"{v.Epoch}", $"{v.Deadline}", v.Signer.ToString()]]);
                    Printer.Table(["SIGNATURE"], [[v.Signature.ToString()]]);
                });
                return;
            }

            var all = await CollectAsync(run, digest, $"{finding.Words}, about lease {shortId}", cancellationToken);
            var receipt = await run.Transactions.SendAsync(finding.Call(all), what: null, cancellationToken);
            PlanEntries.RequireAll(receipt);
            Change.Show(run, new ChangeView(shortId, found.Id.ToString(), finding.Words, receipt.TransactionHash, receipt.BlockNumber));
        });

    /// <summary>In the order that the chain wants; the wallet's own among them when it is a member that has not signed yet.</summary>
    private async Task<byte[][]> CollectAsync(Run run, Hash32 digest, string what, CancellationToken cancellationToken)
    {
        var members = await run.Chain.Committee.MembersOfAsync(cancellationToken: cancellationToken);
        var found = new SortedDictionary<string, EvmSignature>(StringComparer.Ordinal);
        foreach (var signature in signing.Given(run))
        {
            var signer = Secp256k1.Recover(digest, signature);
            if (signer is not { } member || !members.Contains(member))
            {
                throw new DwebException(
                    Catalogue.SignatureMismatch, $"A signature is of no member for these words: {signer?.ToString() ?? "nobody"} would have made it. All members sign the same --deadline.",
                    "--signature");
            }

            found[Convert.ToHexString(member.ToArray())] = signature;
        }

        var key = await run.Transactions.ApproveAsync(what, cancellationToken);
        if (members.Contains(key.Address))
        {
            found[Convert.ToHexString(key.Address.ToArray())] = key.SignDigest(digest);
        }

        byte quorum = await run.Chain.Committee.QuorumAsync(cancellationToken: cancellationToken);
        return found.Count >= quorum
            ? [.. found.Values.Take(quorum).Select(static signature => signature.ToArray())]
            : throw new DwebException(Catalogue.PlanRefused, $"{found.Count} members have signed; {quorum} are needed. Members sign with --sign; their signatures are given as --signature.");
    }

    /// <param name="Words">One line, to follow "signs:".</param>
    private sealed record Finding(string Words, Hash32 StructHash, Func<IReadOnlyList<byte[]>, ContractCall> Call);
}
