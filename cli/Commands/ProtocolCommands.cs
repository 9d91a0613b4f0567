using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="FeeBps">Basis points of the base charge.</param>
/// <param name="BountyBps">Basis points of the fee, to whoever settles.</param>
/// <param name="ReferencePrices">Wei, in the units of an ask; no royalty or fee is computed below them.</param>
internal sealed record SettingsView(
    EvmAddress Governor, EvmAddress Guardian, ushort FeeBps, ushort BountyBps, ushort RoyaltyFloorBps, ushort RoyaltyCapBps, bool OpeningsStopped,
    IReadOnlyList<BigInteger> ReferencePrices);

/// <summary>What the protocol's governor sets for everybody, and what its guardian can stop.</summary>
internal static class ProtocolCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "protocol", "What governor and guardian decide for everybody.",
        Show(verbs), StopOpenings(verbs), AllowOpenings(verbs),
        Points(verbs, "set-fee", "fee", "of the base charge", static (settings, bps) => settings.SetFee(bps)),
        Points(verbs, "set-bounty", "bounty", "of the fee", static (settings, bps) => settings.SetBounty(bps)),
        RoyaltyRange(verbs), ReferencePrices(verbs), Guardian(verbs), ProposeBook(verbs), AuthoriseBook(verbs));

    private static Command Show(Verbs verbs) => verbs.Verb("show", "Shows fee, royalties, reference prices and who decides.", "dweb protocol show", [], async (run, cancellationToken) =>
        run.Printer.Show(await ReadAsync(run.Chain, cancellationToken), CliJson.Default.SettingsView, static v =>
        {
            Printer.Table(
                [">FEE", ">BOUNTY OF IT", "ROYALTIES", "NEW LEASES"],
                [[$"{v.FeeBps} bps", $"{v.BountyBps} bps", $"{v.RoyaltyFloorBps} to {v.RoyaltyCapBps} bps", v.OpeningsStopped ? "stopped" : "allowed"]]);
            Printer.Table(["GOVERNOR", "GUARDIAN"], [[v.Governor.ToString(), v.Guardian.ToString()]]);
            Printer.Table(["RESOURCE", ">REFERENCE PRICE IN WEI"], CoeCommands.Resources.Select((resource, i) => (string[])[resource, $"{v.ReferencePrices[i]}"]));
        }));

    private static Command StopOpenings(Verbs verbs) => verbs.Verb(
        "stop-openings", "As guardian: no first lease of an order opens any more; what runs goes on.", "dweb protocol stop-openings --wallet guardian", [],
        (run, cancellationToken) => Change.SendAsync(
            run, run.Chain.Settings.StopOpenings(), "openings", run.Chain.Addresses.ProtocolSettings.ToString(), "the stop of new leases", cancellationToken));

    private static Command AllowOpenings(Verbs verbs) => verbs.Verb(
        "allow-openings", "As governor: new leases open again.", "dweb protocol allow-openings --wallet governor", [],
        (run, cancellationToken) => GovernAsync(run, static settings => settings.AllowOpenings(), ["allowOpenings()"], "new leases again", cancellationToken));

    private static Command Points(Verbs verbs, string verb, string name, string of, Func<ProtocolSettings, ushort, ContractCall> call)
    {
        var bps = new Argument<ushort>("BPS") { Description = $"Basis points {of}." };
        return verbs.Verb(verb, $"As governor: sets the {name}.", $"dweb protocol {verb} 120 --wallet governor", [bps], (run, cancellationToken) => GovernAsync(
            run, settings => call(settings, run.Get(bps)), [$"set{char.ToUpperInvariant(name[0])}{name[1..]}(uint16)", $"{run.Get(bps)}"],
            $"a {name} of {run.Get(bps)} basis points {of}", cancellationToken));
    }

    private static Command RoyaltyRange(Verbs verbs)
    {
        var floor = new Argument<ushort>("FLOOR") { Description = "Basis points that every lease pays." };
        var cap = new Argument<ushort>("CAP") { Description = "Basis points that an image may ask for at most." };
        return verbs.Verb(
            "set-royalty-range", "As governor: sets least and most royalty of images to come.", "dweb protocol set-royalty-range 200 2000 --wallet governor", [floor, cap],
            (run, cancellationToken) => GovernAsync(
                run, settings => settings.SetRoyaltyRange(run.Get(floor), run.Get(cap)), ["setRoyaltyRange(uint16,uint16)", $"{run.Get(floor)}", $"{run.Get(cap)}"],
                $"royalties of {run.Get(floor)} to {run.Get(cap)} basis points", cancellationToken));
    }

    private static Command ReferencePrices(Verbs verbs)
    {
        var prices = new Argument<IReadOnlyList<BigInteger?>>("PRICES")
        {
            Description = "In wei, in the units of an ask. What is not named stays.",
            CustomParser = ValueParsers.One<IReadOnlyList<BigInteger?>>(AskText.TryParseSome, "a list of prices as cpu=100,memory=50,storage=1,bandwidth=20,transfer=1000, in wei"),
        };
        return verbs.Verb(
            "set-reference-prices", "As governor: sets the prices below which no royalty or fee is computed.", "dweb protocol set-reference-prices cpu=1000000000 --wallet governor",
            [prices], async (run, cancellationToken) =>
            {
                var now = await ReadAsync(run.Chain, cancellationToken);
                IReadOnlyList<BigInteger> next = [.. run.Get(prices).Select((price, i) => price ?? now.ReferencePrices[i])];
                await GovernAsync(
                    run, settings => settings.SetReferencePrices(next), ["setReferencePrices(uint128[5])", $"[{string.Join(',', next)}]"],
                    $"reference prices {string.Join(", ", next)} wei", cancellationToken);
            });
    }

    private static Command Guardian(Verbs verbs)
    {
        var guardian = ValueParsers.AddressArgument("ADDRESS", "Who may stop new leases and mark images from now on.");
        return verbs.Verb(
            "set-guardian", "As governor: sets the guardian.", "dweb protocol set-guardian 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet governor", [guardian],
            (run, cancellationToken) => GovernAsync(
                run, settings => settings.SetGuardian(run.Get(guardian)), ["setGuardian(address)", run.Get(guardian).ToString()], $"{run.Get(guardian)} as guardian",
                cancellationToken));
    }

    private static Command ProposeBook(Verbs verbs)
    {
        var book = ValueParsers.AddressArgument("BOOK", "Address of a lease book.");
        return verbs.Verb(
            "propose-book", "As governor: announces a lease book, which may take leases of hosts that accept it after the delay.",
            "dweb protocol propose-book 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet governor", [book], async (run, cancellationToken) =>
            {
                await run.Chain.RequireAsync(cancellationToken);
                await Governed.SendAsync(
                    run, await run.Chain.Coes.OwnerAsync(cancellationToken: cancellationToken), run.Chain.Coes.ProposeBook(run.Get(book)),
                    ["proposeBook(address)", run.Get(book).ToString()], $"{run.Get(book)} as a lease book", cancellationToken);
            });
    }

    private static Command AuthoriseBook(Verbs verbs)
    {
        var book = ValueParsers.AddressArgument("BOOK", "Address of a lease book that was announced.");
        return verbs.Verb(
            "authorise-book", "Lets a lease book in whose delay is over; anyone may.",
            "dweb protocol authorise-book 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet alice", [book], (run, cancellationToken) => Change.SendAsync(
                run, run.Chain.Coes.AuthoriseBook(run.Get(book)), "lease book", run.Get(book).ToString(), $"lease book {run.Get(book)} for hosts that accept it", cancellationToken));
    }

    private static async Task GovernAsync(
        Run run, Func<ProtocolSettings, ContractCall> call, IReadOnlyList<string> words, string change, CancellationToken cancellationToken)
    {
        await run.Chain.RequireAsync(cancellationToken);
        var settings = run.Chain.Settings;
        await Governed.SendAsync(run, await settings.OwnerAsync(cancellationToken: cancellationToken), call(settings), words, change, cancellationToken);
    }

    private static async Task<SettingsView> ReadAsync(DwebChain chain, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var tariff = await chain.Settings.TariffAsync(cancellationToken: cancellationToken);
        var royalties = await chain.Settings.RoyaltyRangeAsync(cancellationToken: cancellationToken);
        return new SettingsView(
            await chain.Settings.OwnerAsync(cancellationToken: cancellationToken), await chain.Settings.GuardianAsync(cancellationToken: cancellationToken), tariff.FeeBps,
            tariff.BountyBps, royalties.FloorBps, royalties.CapBps, tariff.OpeningsStopped, tariff.ReferencePrices);
    }
}
