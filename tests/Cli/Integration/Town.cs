using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using Order = Dweb.Core.Protocol.Messages.Order;
using Plan = Dweb.Core.Protocol.Messages.Plan;
using PlanEntry = Dweb.Core.Protocol.Messages.PlanEntry;
using Service = Dweb.Core.Protocol.Messages.Service;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Cli.Tests.Integration;

/// <summary>People of a test with wallets and money, and what the control plane and an agent would send for them.</summary>
internal sealed class Town(LocalChain chain, CliProgram cli)
{
    private readonly Dictionary<string, EvmAddress> people = [];
    private readonly PrivateKey agent = PrivateKey.Create();

    public EvmAddress this[string name] => people[name];

    public async Task SettleInAsync(Uri registry, params string[] names)
    {
        cli.Configure("http://127.0.0.1:9", chain.Endpoint.ToString(), registry.ToString(), cli.Write("deployment.json", chain.DeploymentFile));
        foreach (string name in names)
        {
            var made = await DoAsync(name, "wallet", "new", name, "--light");
            people[name] = EvmAddress.Parse(made.GetProperty("address").GetString()!);
            await chain.GiveCoinAsync(people[name]);
            await DoAsync(name, "wallet", "fund", name, "2000");
        }
    }

    /// <summary>Runs a command as a wallet; it has to succeed.</summary>
    public async Task<JsonElement> DoAsync(string wallet, params string[] arguments)
    {
        var result = await cli.RunAsync([.. arguments, "--wallet", wallet, "--yes", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Json();
    }

    public async Task<Hash32> RegisterAsync(string host) => Hash32.Parse((await DoAsync(
        host, "coe", "register", "fra", "--agent", agent.Address.ToString(), "--cpu", "4000", "--memory", "4096", "--storage", "10240", "--bandwidth", "1000",
        "--transfer", "1000", "--ask", "cpu=40000000000,memory=10000000000", "--region", "eu-central", "--stake", "1000")).GetProperty("coe").GetString()!);

    /// <summary>Admits and opens one lease of an image for this user, as a control plane would.</summary>
    public async Task<Hash32> OpenAsync(PrivateKey user, Hash32 coe, Hash32 image)
    {
        var domain = new TypedDataDomain(LocalChain.ChainId, chain.Book.Address);
        var head = await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken);
        var dear = new PriceVector(1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000_000);
        var service = new Service(image, Keccak256.Hash("spec"), 1, new ResourceVector(250, 64, 0, 0, 0), dear, 0, 0, Hash32.Zero);
        var order = new Order(
            user.Address, [service], (UInt128)Amount.Parse("50"), 600, 300, head.Timestamp + 600, 60, 2000, 500, 0, EvmAddress.Zero, 0, Keccak256.Hash("salt"));
        var id = order.Id(domain);
        await chain.SendAsync(chain.Deployer, chain.Book.Admit(Encode(order), [Encode(service)], user.SignDigest(id).ToArray()));
        var entry = new PlanEntry(0, 0, 0, coe, uint.MaxValue);
        var plan = new Plan(id, [entry], 1, (await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken)).Timestamp + 8);
        var signature = chain.Scheduler.SignDigest(domain.Digest(plan.StructHash()));
        await chain.SendAsync(chain.Deployer, chain.Book.Open(
            [Encode(service)], new Chain.Contracts.Plan(id, plan.EntriesHash(), 1, plan.Deadline),
            [new Chain.Contracts.PlanEntry(0, 0, 0, coe, entry.MaxHostRate)], [signature.ToArray()]));
        return Ids.Lease(domain, id, 0, 0, 0, coe);
    }

    /// <summary>Settles that a lease ran so long, as its agent would sign it.</summary>
    public async Task SettleAsync(Hash32 coe, Hash32 lease, uint seconds)
    {
        var head = await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken);
        var batch = new UsageBatch(coe, head.Timestamp, [new UsageEntry(LeaseHandle.Of(lease), seconds, 1000, 1000, 0, 0, 0)]);
        var signature = agent.SignDigest(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address).Digest(batch.StructHash()));
        await chain.SendAsync(chain.Deployer, chain.Book.Settle([new Chain.Contracts.UsageBatch(coe, batch.AsOf, batch.PackEntries(), signature.ToArray())]));
    }

    private static Chain.Contracts.Order Encode(Order o) => new(
        o.User, o.ServicesHash(), (System.Numerics.BigInteger)o.MaxTotal, o.Duration, o.Prepay, o.SubmitBy, o.StartWithin, o.MaxRoyaltyBps, o.MaxFeeBps, o.UpgradePolicy,
        o.Operator, o.UserEpoch, o.Salt);

    private static Chain.Contracts.Service Encode(Service s) => new(
        s.ImageDigest, s.SpecHash, s.Replicas, s.Reserved.ToList(), s.Ceiling.ToList(), s.RegionMask, (System.Numerics.BigInteger)s.MinStake, s.PlacementHash);
}
