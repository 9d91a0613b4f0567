using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using Dweb.Local.Bench;
using Dweb.Local.Commands;
using Dweb.Local.Ledger;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>One order through the whole system, from an empty chain to a ledger in which every wei is accounted for.</summary>
internal sealed class DemoRun(Workshop workshop, LocalStack stack)
{
    private const string Deployment = "demo";
    private const string Escrow = "10";
    private const int MinSettlements = 2;
    private const int BenchPairs = 5;
    private readonly Screen _screen = workshop.Screen;
    private readonly Settling _settling = new(stack);
    private readonly Community _community = new(workshop.Repository, stack, workshop.Screen);

    public async Task<DemoReport> Run(CancellationToken stop)
    {
        _screen.Step("Storage, chain, registry, engine");
        await stack.StartInfrastructure(stop);

        _screen.Step("Wallets and contracts");
        await stack.CreateWallets(stop);
        await stack.DeployContracts(stop);

        _screen.Step("Scheduler members, control plane; code and image NFT; COE hosts and their agents");
        await Task.WhenAll(stack.StartMembers(stop), stack.StartControlPlane(stop));
        var publication = Publish(stop);
        await Task.WhenAll(publication, stack.Cli.Run(Role.User, stop, "wallet", "fund", Role.User, "100"), RegisterAndStartAgents(stop));
        await stack.Cli.Run(Role.Tenant, stop, "wallet", "fund", Role.Tenant, "10");
        var before = await Balances(stop);

        _screen.Step("Deploy: quote, escrow, signed order, containers");
        await Quote(stop);
        await stack.Cli.Run(Role.User, stop, "deposit", Escrow);
        _screen.Detail($"the user put {Escrow} DWEB into escrow");
        var noShow = new NoShow(workshop.Repository, stack, _screen);
        await noShow.Begin(stop);
        var replicas = await Deploy(stop);

        _screen.Step("Order to Running against a bare docker run");
        var bench = new DeployBench(workshop.Repository, stack, workshop.Tool, _screen);
        var measured = await bench.Measure($"{stack.Addresses.RegistryName}/{DemoImage.Repository}@{await publication}", BenchPairs, stop);

        _screen.Step("A host takes a lease and never runs it: its bond goes to the user");
        var missed = await noShow.Tell(_settling, stop);

        _screen.Step("A scheduler member and a host's machine are killed: replicas go elsewhere");
        await stack.KillMember(Role.ThirdScheduler, stop);
        _screen.Detail($"{Role.ThirdScheduler} is killed; two of three members go on signing");
        var failover = await new HostDeath(stack, _screen).Run(Deployment, replicas, stop);

        // Most of it is waiting for funds to run out.
        var lowEscrow = new LowEscrow(workshop.Repository, stack, workshop.Tool).Run(stop);

        _screen.Step("A host stops serving: disputed, judged, refunded");
        var refund = await new StoppedServing(workshop.Repository, stack, workshop.Tool, _screen).Run(_settling, stop);
        var failures = new Failures(failover, missed, refund);

        _screen.Step("A deposit runs out: parked, topped up, resumed");
        foreach (var sentence in await lowEscrow)
        {
            _screen.Detail(sentence);
        }

        _screen.Step("A new release: the deployment that follows its channel rolls over");
        var rolledOver = await new Rollover(workshop.Repository, workshop.State, stack, _screen).Run(Deployment, stop);

        _screen.Step("Metering and settlement");
        await _settling.WaitForSettlements(MinSettlements, stop);
        _screen.Detail($"at least {MinSettlements} settlements are confirmed");

        _screen.Step("Close: last reports, refunds, matured pay, royalties");
        await Close([Deployment, NoShow.Deployment, StoppedServing.Deployment, .. bench.Deployments], stop);
        var leaving = new Leaving(stack, Token(), _screen);
        await leaving.Begin(stop);
        await _settling.PayEverybody(stop);
        var paidOut = await Balances(stop);
        var drawn = await _community.Draw(Token(), stop);
        _screen.Detail("hosts, owners of code and images, members of DAOs, the treasury and the users have taken what is theirs");

        _screen.Step("Hosts leave with what is left of their stakes");
        var stakes = await leaving.End(_settling, stop);
        var ledger = await _settling.ReadStrictly(stop);
        var disagreements = LedgerCheck.Disagreements(ledger.Payments, ledger.Totals, before, paidOut);

        replicas = [.. replicas, .. failures.Successors, .. rolledOver.Replicas];
        var ok = disagreements.Count == 0 && ledger.Settlements >= MinSettlements && replicas.Count > 0 && replicas.All(r => r.Status == (int)HttpStatusCode.OK)
            && missed.Bond > 0 && refund.Refunded > 0 && stakes.All(static s => s.IsWhole) && stakes.Aggregate(BigInteger.Zero, static (sum, s) => sum + s.Lost) == ledger.Totals.Bonds;
        var totals = LedgerCheck.Sum(ledger.Payments) with { Bonds = ledger.Totals.Bonds };
        var payees = new Payees(stack, _community).Of(ledger.Payments, drawn);
        var report = DemoReport.Of(ok, measured, failures, replicas, totals, payees, stakes, ledger.Settlements);
        DemoTables.Show(_screen, replicas, report, disagreements);
        return report;
    }

    private async Task<string> Publish(CancellationToken stop)
    {
        await _community.Found(stop);
        return await new Publication(workshop.Repository, workshop.State, stack.Cli, _screen).Publish(Community.Upstream, stop);
    }

    private async Task RegisterAndStartAgents(CancellationToken stop)
    {
        await stack.RegisterHosts(Role.Hosts.Append(Role.Idle), stop);
        await stack.StartAgents(stop);
    }

    private async Task Quote(CancellationToken stop)
    {
        var quote = await stack.Cli.Run(Role.User, stop, "quote", Manifest);
        _screen.Detail($"quote: {Wei(quote, "perSecond")} wei a second for all replicas, at most {Wei(quote, "total")} wei");
    }

    private async Task<IReadOnlyList<Replica>> Deploy(CancellationToken stop)
    {
        var order = await RunningOrder.Deploy(stack.Cli, Manifest, Deployment, stop);
        _screen.Detail($"order {order.GetProperty("orderHash").GetString()} is {order.GetProperty("status").GetString()}");
        List<Replica> answered = [];
        foreach (var replica in order.GetProperty("replicas").EnumerateArray().Select(Replica.Parse))
        {
            answered.Add(await replica.Ask(stop));
            _screen.Detail($"{replica.Url} answers {answered[^1].Status}: {answered[^1].Answer}");
        }

        return answered;
    }

    /// <summary>Ends all first, one transaction of the same wallet after the other, then waits for all.</summary>
    private async Task Close(IReadOnlyList<string> deployments, CancellationToken stop)
    {
        await stack.Cli.Run(Role.Tenant, stop, "close", LowEscrow.Deployment);
        foreach (var name in deployments)
        {
            await stack.Cli.Run(Role.User, stop, "close", name);
        }

        await Together.Each(deployments, (name, s) => stack.Cli.Run(Role.User, s, "close", name, "--wait"), stop);
        await stack.Cli.Run(Role.Tenant, stop, "close", LowEscrow.Deployment, "--wait");
        _screen.Detail($"{deployments.Count + 1} orders are closed, what was not used is refunded");
    }

    /// <summary>What everybody who is paid, and the contracts that hold users' money, have now.</summary>
    private Task<IReadOnlyDictionary<string, BigInteger>> Balances(CancellationToken stop)
    {
        string[] paid = [Role.User, Role.Tenant, Role.CodeOwner, Role.ImageOwner, Role.Treasury, .. stack.Hosts.Select(static h => h.Role.Wallet)];
        return Token().Of([.. paid.Select(name => stack.People[name]), _community.Treasury, stack.Contract("LeaseBook"), stack.Contract("RoyaltyPool")], stop);
    }

    private TokenBalances Token() => new(stack.Addresses.Rpc, stack.Contract("DwebToken"));

    private string Manifest => Path.Combine(workshop.Repository.Root, "local", "Demo", "compose.yaml");

    private static string Wei(JsonElement json, string name) => BigInteger.Parse(json.GetProperty(name).GetString()!, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
}
