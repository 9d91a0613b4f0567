using System.CommandLine;
using System.Numerics;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary>What a host can change about the offer of its COE: prices, size, and what it says of itself.</summary>
internal static class CoeOfferCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) => [Asks(verbs), Capacity(verbs), Endpoint(verbs), Attributes(verbs)];

    private static Command Asks(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var asks = new Argument<IReadOnlyList<BigInteger?>>("ASKS")
        {
            Description = "Prices in wei per unit and second; of transfer per MiB. What is not named stays.",
            CustomParser = ValueParsers.One<IReadOnlyList<BigInteger?>>(
                AskText.TryParseSome, "a list of prices as cpu=100,memory=50,storage=1,bandwidth=20,transfer=1000, in wei"),
        };
        return verbs.Verb(
            "asks", "Changes a COE's prices; a rise counts after a delay.", "dweb coe asks frankfurt-1 cpu=120000000,memory=20000000 --wallet host1", [name, asks],
            async (run, cancellationToken) =>
            {
                var (coe, now) = await ReadAsync(run, run.Get(name), cancellationToken);
                IReadOnlyList<BigInteger> next = [.. run.Get(asks).Select((price, i) => price ?? now.NextAsk[i])];
                await CoeChange.SendAsync(run, coe.Id.ToString(), (coes, _) => coes.SetAsk(coe.Id, next), $"the asks {string.Join(", ", next)} wei of", cancellationToken);
            });
    }

    private static Command Capacity(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        Option<ulong?>[] amounts =
        [
            Amount("--cpu", "mCPU"), Amount("--memory", "MiB"), Amount("--storage", "MiB"), Amount("--bandwidth", "Mbit/s"), Amount("--transfer", "GiB"),
        ];
        return verbs.Verb(
            "capacity", "Changes what a COE offers; not below what leases hold. What is not named stays.", "dweb coe capacity frankfurt-1 --cpu 8000 --wallet host1",
            [name, .. amounts], async (run, cancellationToken) =>
            {
                var (coe, now) = await ReadAsync(run, run.Get(name), cancellationToken);
                IReadOnlyList<ulong> next = [.. amounts.Select((option, i) => run.Get(option) ?? now.Capacity[i])];
                await CoeChange.SendAsync(run, coe.Id.ToString(), (coes, _) => coes.SetCapacity(coe.Id, next), $"the capacity {string.Join(", ", next)} of", cancellationToken);
            });
    }

    private static Command Endpoint(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var url = new Argument<string>("URL") { Description = "Where the COE says it can be reached." };
        return verbs.Verb(
            "endpoint", "Changes where a COE says it can be reached.", "dweb coe endpoint frankfurt-1 https://fra.example.org --wallet host1", [name, url],
            (run, cancellationToken) => CoeChange.SendAsync(
                run, run.Get(name), (coes, coe) => coes.SetEndpoint(coe.Id, run.Get(url)), $"the endpoint {run.Get(url)} of", cancellationToken));
    }

    private static Command Attributes(Verbs verbs)
    {
        var name = CoeChange.CoeArgument();
        var json = new Argument<string>("JSON") { Description = "An object, for people and placement preferences." };
        return verbs.Verb(
            "attributes", "Changes what a COE says of itself.", "dweb coe attributes frankfurt-1 {\"gpu\":\"none\"} --wallet host1", [name, json],
            (run, cancellationToken) =>
            {
                RequireObject(run.Get(json));
                return CoeChange.SendAsync(
                    run, run.Get(name), (coes, coe) => coes.SetAttributes(coe.Id, run.Get(json)), $"the attributes {run.Get(json)} of", cancellationToken);
            });
    }

    private static Option<ulong?> Amount(string name, string unit) => new(name) { Description = $"In {unit}.", HelpName = "N" };

    private static async Task<(RegisteredCoe Coe, Coe Now)> ReadAsync(Run run, string text, CancellationToken cancellationToken)
    {
        var coe = await new CoeNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
        return (coe, await run.Chain.Coes.CoeOfAsync(coe.Id, cancellationToken: cancellationToken));
    }

    private static void RequireObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no JSON object.");
            }
        }
        catch (JsonException fault)
        {
            throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no JSON object: {fault.Message}", inner: fault);
        }
    }
}
