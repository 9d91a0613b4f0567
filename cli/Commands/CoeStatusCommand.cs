using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Errors;
using Dweb.Cli.Hosting;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="HostRate">Gwei per second.</param>
/// <param name="FundedUntil">Unix time in seconds, the chain's.</param>
internal sealed record HostedLease(Hash32 Lease, Hash32 Order, LeaseState State, uint HostRate, uint SettledSeconds, ulong FundedUntil);

/// <summary>What <c>coe status</c> prints.</summary>
/// <param name="Earned">Wei that settlements have credited to the COE since it was registered.</param>
/// <param name="Withdrawable">Wei that 'coe withdraw' pays now.</param>
/// <param name="Maturing">Wei that matures within two epochs.</param>
/// <param name="Disputed">Wei that waits for a verdict.</param>
/// <param name="Heard">Whether the control plane hears the agent; null where that cannot be told.</param>
/// <param name="Service">As systemd says it; null where it does not run this machine, or is to be left alone.</param>
internal sealed record HostStatus(
    CoeShown Coe, BigInteger Earned, BigInteger Withdrawable, BigInteger Maturing, BigInteger Disputed, IReadOnlyList<HostedLease> Leases, bool? Heard, string HeardBy, string? Service);

/// <summary><c>coe status</c>: how this machine's COE stands, on the chain, at the control plane and under systemd.</summary>
internal static class CoeStatusCommand
{
    public static Command Create(Verbs verbs)
    {
        var name = new Argument<string?>("NAME") { Description = "Name of a COE, or the beginning of its id; this machine's own otherwise.", Arity = ArgumentArity.ZeroOrOne };
        var host = new HostOptions();
        return verbs.Verb(
            "status", "Shows how a COE stands: registration, stake, what it runs, what it has earned, whether its agent is heard, and its service.", "dweb coe status frankfurt-1",
            [name, .. host.All], async (run, cancellationToken) =>
            {
                string text = run.Find(name) ?? OwnOf(host.Files(run));
                var coe = await new CoeNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
                run.Printer.Show(await ReadAsync(run, host, coe.Id, cancellationToken), CliJson.Default.HostStatus, Print);
            });
    }

    private static string OwnOf(HostFiles files) => new AgentConfiguration(files).Coe()?.ToString()
        ?? throw new DwebException(Catalogue.InvalidValue, $"No COE was named, and {files.Settings} names none.", "NAME");

    private static async Task<HostStatus> ReadAsync(Run run, HostOptions host, Hash32 id, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var earned = await chain.Book.EarnedOfAsync(id, cancellationToken: cancellationToken);
        var leases = await HostLeases.ReadAsync(chain, id, cancellationToken);
        var (heard, by) = await HeardAsync(run, id, cancellationToken);
        return new HostStatus(
            await CoeOnchain.ReadAsync(chain, id, cancellationToken), await CreditedAsync(chain, id, cancellationToken), earned.Matured, earned.Maturing, earned.Disputed,
            [.. leases.Select(static lease => new HostedLease(
                lease.Id, lease.Key.OrderHash, lease.Account.State, lease.Account.Terms.HostRate, lease.Account.Settled.Seconds, lease.FundedUntil))],
            heard, by, host.Service(run) is { } service ? await service.StateAsync(cancellationToken) : null);
    }

    private static async Task<BigInteger> CreditedAsync(DwebChain chain, Hash32 id, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.UsageSettled.Topic], [id]], chain.Addresses.Block, null, cancellationToken);
        return logs.Aggregate(BigInteger.Zero, static (sum, log) => sum + (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled) ? settled.Host : BigInteger.Zero));
    }

    private static async Task<(bool? Heard, string By)> HeardAsync(Run run, Hash32 id, CancellationToken cancellationToken)
    {
        try
        {
            var view = await run.Api.GetAsync($"/api/coes/{id}", DwebJson.Default.CoeView, null, cancellationToken);
            return (view.Live, run.Api.Endpoint.AbsoluteUri);
        }
        catch (Exception refusal) when (refusal is ProblemException or DwebException)
        {
            return (null, refusal.Message);
        }
    }

    private static void Print(HostStatus status)
    {
        CoeOnchain.Print(status.Coe);
        Printer.Table(
            [">EARNED DWEB", ">WITHDRAWABLE", ">MATURING", ">IN DISPUTE"],
            [[Amount.FormatGrouped(status.Earned), Amount.FormatGrouped(status.Withdrawable), Amount.FormatGrouped(status.Maturing), Amount.FormatGrouped(status.Disputed)]]);
        Printer.Table(
            ["HEARD", "BY", "SERVICE"], [[status.Heard switch { true => "yes", false => "no", null => "not known" }, status.HeardBy, status.Service ?? "not systemd's"]]);
        if (status.Leases.Count > 0)
        {
            Printer.Table(
                ["LEASE", "ORDER", "STATE", ">GWEI/S", ">SETTLED S", "FUNDED UNTIL"],
                status.Leases.Select(static lease => (string[])
                    [
                        lease.Lease.ToString()[..14], lease.Order.ToString()[..14], lease.State.ToString(), $"{lease.HostRate}", $"{lease.SettledSeconds}", SentenceValues.Time(lease.FundedUntil),
                    ]));
        }
    }
}
