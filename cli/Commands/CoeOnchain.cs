using System.Numerics;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Commands;

/// <param name="Asks">Wei, in force now.</param>
/// <param name="NextAsks">Wei, in force from <paramref name="NextAsksFrom"/>; null when no rise waits.</param>
/// <param name="NextAsksFrom">Unix time in seconds, as <paramref name="UnbondableAt"/>.</param>
/// <param name="Locked">Wei of bonds of leases that are not closed.</param>
/// <param name="Unbonding">Wei payable from <paramref name="UnbondableAt"/>.</param>
/// <param name="OsImage">The host image it claims; null for none.</param>
internal sealed record CoeShown(
    Hash32 Coe, string Name, EvmAddress Host, EvmAddress Payee, EvmAddress Agent, CoeStatus Status, string Region, IReadOnlyList<ulong> Capacity,
    IReadOnlyList<ulong> Assigned, IReadOnlyList<BigInteger> Asks, IReadOnlyList<BigInteger>? NextAsks, ulong NextAsksFrom, BigInteger Stake, BigInteger Locked,
    BigInteger Unbonding, ulong UnbondableAt, Hash32? OsImage, bool AcceptsBook, string Endpoint, string Attributes);

/// <summary><c>coe show --onchain</c>: a COE as the chain has it, whatever the control plane says.</summary>
internal static class CoeOnchain
{
    public static async Task ShowAsync(Run run, string text, CancellationToken cancellationToken)
    {
        var named = await new CoeNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
        run.Printer.Show(await ReadAsync(run.Chain, named.Id, cancellationToken), CliJson.Default.CoeShown, Print);
    }

    internal static async Task<CoeShown> ReadAsync(DwebChain chain, Hash32 id, CancellationToken cancellationToken)
    {
        var coe = await chain.Coes.CoeOfAsync(id, cancellationToken: cancellationToken);
        bool waits = !coe.NextAsk.SequenceEqual(coe.Ask);
        return new CoeShown(
            id, coe.Name, coe.Host, coe.Payee, coe.Agent, (CoeStatus)coe.Status, Region.NameOf(coe.Region), coe.Capacity, coe.Assigned, coe.Ask, waits ? coe.NextAsk : null,
            waits ? coe.NextAskFrom : 0, coe.Stake, coe.Locked, coe.Unbonding, coe.UnbondableAt, coe.OsImage.IsZero ? null : coe.OsImage,
            await chain.Coes.AcceptsAsync(id, chain.Addresses.LeaseBook, cancellationToken: cancellationToken), coe.Endpoint, coe.Attributes);
    }

    internal static void Print(CoeShown coe)
    {
        Printer.Table(["COE", "ID", "STATUS", "REGION"], [[coe.Name, coe.Coe.ToString(), coe.Status.ToString(), coe.Region]]);
        Printer.Table(["HOST", "PAYEE", "AGENT"], [[coe.Host.ToString(), coe.Payee.ToString(), coe.Agent.ToString()]]);
        Printer.Table(
            ["RESOURCE", ">CAPACITY", ">ASSIGNED", ">ASK IN WEI", ">NEXT ASK", "FROM"],
            CoeCommands.Resources.Select((resource, i) => (string[])
                [
                    resource, $"{coe.Capacity[i]}", $"{coe.Assigned[i]}", $"{coe.Asks[i]}", coe.NextAsks is null ? "" : $"{coe.NextAsks[i]}",
                    coe.NextAsks is null ? "" : SentenceValues.Time(coe.NextAsksFrom),
                ]));
        Printer.Table(
            [">STAKE DWEB", ">LOCKED", ">UNBONDING", "PAYABLE FROM"],
            [
                [
                    Amount.FormatGrouped(coe.Stake), Amount.FormatGrouped(coe.Locked), Amount.FormatGrouped(coe.Unbonding),
                    coe.Unbonding.IsZero ? "" : SentenceValues.Time(coe.UnbondableAt),
                ],
            ]);
        Printer.Table(
            ["HOST IMAGE", "TAKES LEASES OF THIS BOOK", "ENDPOINT", "ATTRIBUTES"],
            [[coe.OsImage?.ToString() ?? "none", coe.AcceptsBook ? "yes" : "no", coe.Endpoint, coe.Attributes]]);
    }
}
