using System.CommandLine;
using System.Globalization;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Deadline">Unix time in seconds, the chain's, until which it counts.</param>
/// <param name="Signature">For <c>--signature</c> of whoever sends the plan.</param>
internal sealed record DirectPlanView(Hash32 Order, ulong Deadline, EvmAddress Signer, EvmSignature Signature);

/// <param name="Leases">Ids, in the order of the places.</param>
internal sealed record DirectOpeningView(Hash32 Order, IReadOnlyList<Hash32> Leases, Hash32 Transaction, ulong Block);

/// <summary>
/// <c>lease open-direct</c>: opens leases of an admitted order without the scheduler committee, once it has been silent for long enough.
/// The user and every host sign the same plan.
/// </summary>
internal sealed class LeaseOpenDirectCommand
{
    private readonly Argument<string> order = new("ORDER") { Description = "The beginning of the order's hash." };

    private readonly Option<Place[]> places = new("--place")
    {
        Description = "A replica and the COE that runs it, as 0-1=fra for replica 1 of service 0; may be repeated.",
        HelpName = "SERVICE-REPLICA=COE",
        Required = true,
        CustomParser = ValueParsers.Many<Place>(Place.TryParse, "a place, as 0-1=fra"),
    };

    private readonly SigningOptions signing = new("the user or a host");

    public static Command Create(Verbs verbs)
    {
        var options = new LeaseOpenDirectCommand();
        return verbs.Verb(
            "open-direct", "As user and hosts: opens leases when the scheduler committee is silent.", "dweb lease open-direct 0x9f86d081 --place 0-0=fra --sign --wallet host1",
            [options.order, options.places, .. options.signing.All], options.RunAsync);
    }

    private async Task RunAsync(Run run, CancellationToken cancellationToken)
    {
        var admitted = await new AdmittedOrders(run.Chain).ResolveAsync(run.Get(order), cancellationToken);
        var (plan, hosts) = await PlanAsync(run, admitted, cancellationToken);
        var digest = run.Chain.DomainOf(run.Chain.Addresses.LeaseBook).Digest(plan.StructHash());
        string what = $"the opening of {plan.Entries.Count} leases of order {plan.OrderHash.ToString()[..14]} without the committee";
        var key = await run.Transactions.ApproveAsync(what, cancellationToken);
        if (signing.OnlySigns(run))
        {
            run.Printer.Show(new DirectPlanView(plan.OrderHash, plan.Deadline, key.Address, key.SignDigest(digest)), CliJson.Default.DirectPlanView, static v =>
            {
                Printer.Table(["ORDER", ">DEADLINE", "SIGNER"], [[v.Order.ToString(), $"{v.Deadline}", v.Signer.ToString()]]);
                Printer.Table(["SIGNATURE"], [[v.Signature.ToString()]]);
            });
            return;
        }

        var signed = Collect(run, key, digest, [admitted.User, .. hosts]);
        var call = run.Chain.Book.OpenDirect(
            admitted.Order, admitted.Services, ContractArguments.Of(plan), [.. plan.Entries.Select(ContractArguments.Of)], signed[admitted.User],
            [.. hosts.Select(host => signed[host])]);
        var receipt = await run.Transactions.SendAsync(call, what: null, cancellationToken);
        PlanEntries.RequireAll(receipt);
        IReadOnlyList<Hash32> leases = [.. receipt.Logs
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null)
            .OfType<LeaseBook.Events.LeaseOpened>().Select(static opened => opened.LeaseId)];
        run.Printer.Show(new DirectOpeningView(plan.OrderHash, leases, receipt.TransactionHash, receipt.BlockNumber), CliJson.Default.DirectOpeningView, static v =>
            Printer.Table(["LEASE", ">BLOCK"], v.Leases.Select(lease => (string[])[lease.ToString(), $"{v.Block}"])));
    }

    /// <returns>The plan, and the host of each entry's COE.</returns>
    private async Task<(Messages.Plan Plan, IReadOnlyList<EvmAddress> Hosts)> PlanAsync(
        Run run, LeaseBook.Events.OrderAdmitted admitted, CancellationToken cancellationToken)
    {
        List<Messages.PlanEntry> entries = [];
        List<EvmAddress> hosts = [];
        foreach (var place in run.Get(places)!)
        {
            var coe = await new CoeNames(run.Chain).ResolveAsync(place.Coe, run.Self, cancellationToken);
            ushort generation = await PlanEntries.NextGenerationAsync(run.Chain, admitted.OrderHash, place.Service, place.Replica, cancellationToken);
            entries.Add(await PlanEntries.MakeAsync(run.Chain, admitted, place.Service, place.Replica, generation, coe.Id, cancellationToken));
            hosts.Add(coe.Host);
        }

        // No committee signs it, which is what epoch 0 says.
        return (new Messages.Plan(admitted.OrderHash, entries, 0, await signing.DeadlineAsync(run, cancellationToken)), hosts);
    }

    /// <summary>A signature of each, the wallet's own among them where it is one of them.</summary>
    private Dictionary<EvmAddress, byte[]> Collect(Run run, PrivateKey key, Hash32 digest, IReadOnlyList<EvmAddress> all)
    {
        var signed = new Dictionary<EvmAddress, byte[]> { [key.Address] = key.SignDigest(digest).ToArray() };
        foreach (var signature in signing.Given(run))
        {
            if (Secp256k1.Recover(digest, signature) is not { } signer || !all.Contains(signer))
            {
                throw new DwebException(
                    Catalogue.SignatureMismatch, "A signature is neither of the user nor of a host for this plan. All sign the same places and the same --deadline.", "--signature");
            }

            signed[signer] = signature.ToArray();
        }

        EvmAddress[] missing = [.. all.Where(one => !signed.ContainsKey(one)).Distinct()];
        return missing.Length == 0
            ? signed
            : throw new DwebException(Catalogue.PlanRefused, $"{string.Join(" and ", missing)} have not signed. User and hosts sign with --sign; their signatures are given as --signature.");
    }

    /// <param name="Coe">As a person names it.</param>
    private sealed record Place(ushort Service, ushort Replica, string Coe)
    {
        public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Place place)
        {
            place = null;
            if (text.Split('=', 2) is not [var slot, { Length: > 0 } coe] || slot.Split('-') is not [var service, var replica]
                || !ushort.TryParse(service, NumberStyles.None, CultureInfo.InvariantCulture, out ushort s)
                || !ushort.TryParse(replica, NumberStyles.None, CultureInfo.InvariantCulture, out ushort r))
            {
                return false;
            }

            place = new Place(s, r, coe);
            return true;
        }
    }
}
