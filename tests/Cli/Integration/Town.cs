using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using Image = Dweb.Core.Protocol.Messages.Image;
using LeaseKey = Dweb.Core.Protocol.Messages.LeaseKey;
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

    /// <summary>Runs a command as a wallet; it has to be refused with this code, before anything is sent.</summary>
    public async Task<string> RefusedAsync(string wallet, string code, params string[] arguments)
    {
        ulong sent = await SentAsync(wallet);
        var result = await cli.RunAsync([.. arguments, "--wallet", wallet, "--yes", "--json"]);
        Assert.True(result.ExitCode == 1, $"{result.ExitCode} {result.Output}{result.Errors}");
        Assert.Equal((code, sent), (result.Problem().GetProperty("code").GetString(), await SentAsync(wallet)));
        return result.Problem().GetProperty("detail").GetString()!;
    }

    private Task<ulong> SentAsync(string name) =>
        chain.Client.GetTransactionCountAsync(people.TryGetValue(name, out var address) ? address : chain.Deployer.Address, Dweb.Chain.Rpc.BlockTag.Latest, TestContext.Current.CancellationToken);

    /// <summary>Registers a COE whose agent is in the test's hands; its consent comes along, as from another machine.</summary>
    public async Task<Hash32> RegisterAsync(string host) => Hash32.Parse(
        (await DoAsync(host, [.. Registration("fra", agent.Address.ToString()), "--consent", Consent(host, "fra")])).GetProperty("coe").GetString()!);

    /// <summary>The words that register a COE.</summary>
    public static string[] Registration(string name, string agent) =>
    [
        "coe", "register", name, "--agent", agent, "--cpu", "4000", "--memory", "4096", "--storage", "10240", "--bandwidth", "1000", "--transfer", "1000",
        "--ask", "cpu=40000000000,memory=10000000000", "--region", "eu-central", "--stake", "1000",
    ];

    private string Consent(string host, string name)
    {
        var registry = new TypedDataDomain(
            LocalChain.ChainId,
            EvmAddress.Parse(JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty("CoeRegistry").GetString()!));
        return agent.SignDigest(registry.Digest(new AgentConsent(Ids.Coe(registry, people[host], name)).StructHash())).ToString();
    }

    /// <summary>An image's NFT, of nothing that could run.</summary>
    public async Task MintAsync(string publisher, string name, Hash32 digest)
    {
        var key = await KeyAsync(publisher);
        var registry = new ContainerRegistry(chain.Client, EvmAddress.Parse(
            JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty("ContainerRegistry").GetString()!));
        var image = new Image(key.Address, digest, name, 500, 1, []);
        var signature = key.SignDigest(new TypedDataDomain(LocalChain.ChainId, registry.Address).Digest(image.StructHash()));
        await chain.SendAsync(chain.Deployer, registry.Mint(new Chain.Contracts.Image(image.Publisher, digest, name, 500, 1, []), signature.ToArray()));
    }

    public async Task<PrivateKey> KeyAsync(string wallet) => KeystoreV3.Decrypt(
        await File.ReadAllTextAsync(Path.Combine(cli.Home, "wallets", wallet + ".json"), TestContext.Current.CancellationToken), CliProgram.Password);

    /// <summary>Admits and opens one lease of an image for this user, as a control plane would.</summary>
    public async Task<LeaseKey> OpenAsync(PrivateKey user, Hash32 coe, Hash32 image, bool followsChannel = false)
    {
        var domain = new TypedDataDomain(LocalChain.ChainId, chain.Book.Address);
        var (order, submitted) = await SignAsync(user, image, followsChannel);
        var id = order.Id(domain);
        var head = await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken);
        var plan = new Plan(id, [new PlanEntry(0, 0, 0, coe, uint.MaxValue)], 1, head.Timestamp + 8);
        var signature = chain.Scheduler.SignDigest(domain.Digest(plan.StructHash()));
        await chain.SendAsync(chain.Deployer, chain.Book.AdmitAndOpen(
            ContractArguments.Of(order), ContractArguments.Of(order.Services), submitted, ContractArguments.Of(plan),
            [.. plan.Entries.Select(ContractArguments.Of)], [signature.ToArray()]));
        return new LeaseKey(id, 0, 0, 0, coe);
    }

    /// <summary>Admits an order of one replica, whose plan nobody signs.</summary>
    public async Task<Hash32> AdmitAsync(PrivateKey user, Hash32 image)
    {
        var (order, signature) = await SignAsync(user, image, followsChannel: false);
        await chain.SendAsync(chain.Deployer, chain.Book.Admit(ContractArguments.Of(order), ContractArguments.Of(order.Services), signature));
        return order.Id(new TypedDataDomain(LocalChain.ChainId, chain.Book.Address));
    }

    private async Task<(Order Order, byte[] Signature)> SignAsync(PrivateKey user, Hash32 image, bool followsChannel)
    {
        var domain = new TypedDataDomain(LocalChain.ChainId, chain.Book.Address);
        var head = await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken);
        var dear = new PriceVector(1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000_000);
        var service = new Service(image, Keccak256.Hash("spec"), 1, new ResourceVector(250, 64, 0, 0, 0), dear, 0, 0, Hash32.Zero);
        var order = new Order(
            user.Address, [service], (UInt128)Amount.Parse("50"), 600, 300, head.Timestamp + 600, 60, 2000, 500, (byte)(followsChannel ? 1 : 0), EvmAddress.Zero, 0,
            Keccak256.Hash("salt"));
        return (order, user.SignDigest(order.Id(domain)).ToArray());
    }

    /// <summary>Settles that a lease ran so long, as its agent would sign it.</summary>
    /// <param name="by">The agent's key, where it is not the town's.</param>
    public async Task SettleAsync(LeaseKey lease, uint seconds, PrivateKey? by = null)
    {
        var head = await chain.Client.GetHeadAsync(TestContext.Current.CancellationToken);
        var domain = new TypedDataDomain(LocalChain.ChainId, chain.Book.Address);
        var batch = new UsageBatch(lease.Coe, head.Timestamp, [new UsageEntry(LeaseHandle.Of(lease.Id(domain)), seconds, 1000, 1000, 0, 0, 0)]);
        var signature = (by ?? agent).SignDigest(domain.Digest(batch.StructHash()));
        await chain.SendAsync(chain.Deployer, chain.Book.Settle([new Chain.Contracts.UsageBatch(lease.Coe, batch.AsOf, batch.PackEntries(), signature.ToArray())], EvmAddress.Zero));
    }
}
