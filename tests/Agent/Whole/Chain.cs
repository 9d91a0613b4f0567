using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Dweb.Agent.Tests.Support;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Whole;

/// <summary>A node of our own with the contracts on it, and people who act on them. Calls are sent as whoever acts; signatures are real.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private static readonly BigInteger Token = BigInteger.Pow(10, 18);

    private readonly RunningProgram anvil;
    private readonly HttpClient http = new();
    private readonly PrivateKey scheduler = PrivateKey.Create();
    private readonly PrivateKey publisher = PrivateKey.Create();
    private readonly PrivateKey user = PrivateKey.Create();
    private readonly EvmAddress host = PrivateKey.Create().Address;
    private JsonObject contracts = [];

    private Chain(RunningProgram anvil, Uri endpoint)
    {
        this.anvil = anvil;
        Endpoint = endpoint;
        Client = new ChainClient(new JsonRpcClient(http, endpoint));
    }

    public Uri Endpoint { get; }

    public ChainClient Client { get; }

    public string DeploymentFile { get; private set; } = "";

    public LeaseBook Book => new(Client, AddressOf("LeaseBook"));

    public EvmAddress Publisher => publisher.Address;

    public static async Task<Chain> StartAsync(string folder, CancellationToken cancellationToken)
    {
        int port = FreePorts.One();
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--mixed-mining", "--block-time", "1", "--slots-in-an-epoch", "1"];
        var chain = new Chain(RunningProgram.Start(new ProcessStartInfo(Repository.NpmProgram("anvil"), arguments)), new Uri($"http://127.0.0.1:{port}"));
        await chain.anvil.UntilAsync(async () =>
        {
            try
            {
                return (await chain.Client.GetHeadAsync(cancellationToken)).Timestamp > 0;
            }
            catch (RpcUnavailableException)
            {
                return false;
            }
        });
        await chain.DeployAsync(Path.Combine(folder, "deployment.json"), cancellationToken);
        await chain.SettleInAsync(cancellationToken);
        return chain;
    }

    /// <summary>Registers a COE with the given agent key.</summary>
    public async Task<Hash32> RegisterAsync(string name, PrivateKey agent, CancellationToken cancellationToken)
    {
        var registry = new CoeRegistry(Client, AddressOf("CoeRegistry"));
        var domain = new TypedDataDomain(31337, registry.Address);
        var id = Messages.Ids.Coe(domain, host, name);
        byte[] consent = agent.SignDigest(domain.Digest(new Messages.AgentConsent(id).StructHash())).ToArray();
        await SendAsync(
            host,
            registry.Register(
                name, agent.Address, consent, 0, [4_000, 4_096, 10_240, 1_000, 1_000], [1_000_000_000, 500_000_000, 10_000_000, 1_000_000_000, 100_000_000_000], "",
                1_000 * Token, Book.Address),
            cancellationToken);
        return id;
    }

    /// <summary>Mints the NFT of an image that has no components.</summary>
    public async Task MintAsync(Hash32 manifestDigest, CancellationToken cancellationToken)
    {
        var images = new ContainerRegistry(Client, AddressOf("ContainerRegistry"));
        var image = new Messages.Image(publisher.Address, manifestDigest, "web", 200, 1, []);
        var signature = publisher.SignDigest(new TypedDataDomain(31337, images.Address).Digest(image.StructHash()));
        await SendAsync(host, images.Mint(new Image(image.Publisher, image.ManifestDigest, image.Name, image.RoyaltyBps, image.SelfWeight, []), signature.ToArray()), cancellationToken);
    }

    /// <summary>Admits an order for one replica of a spec and opens its lease.</summary>
    public async Task<AssignmentDocument> OpenAsync(Hash32 coe, ContainerSpec spec, uint seconds, CancellationToken cancellationToken)
    {
        ulong now = (await Client.GetHeadAsync(cancellationToken)).Timestamp;
        var price = new PriceVector(10_000_000_000, 5_000_000_000, 100_000_000, 10_000_000_000, 1_000_000_000_000);
        var service = new Messages.Service(spec.ImageDigest, spec.Hash(), 1, new ResourceVector(250, 32, 64, 10, 1), price, 0, 0, Hash32.Zero);
        var order = new Messages.Order(
            user.Address, [service], (UInt128)(100 * Token), seconds, seconds, now + 600, 20, 2_000, 500, 0, EvmAddress.Zero, 0, new Hash32(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        var domain = new TypedDataDomain(31337, Book.Address);
        var orderHash = domain.Digest(order.StructHash());
        ulong epoch = await new SchedulerCommittee(Client, AddressOf("SchedulerCommittee")).EpochAsync(cancellationToken: cancellationToken);
        var plan = new Messages.Plan(orderHash, [new Messages.PlanEntry(0, 0, 0, coe, uint.MaxValue)], epoch, (await Client.GetHeadAsync(cancellationToken)).Timestamp + 8);
        byte[] signature = scheduler.SignDigest(domain.Digest(plan.StructHash())).ToArray();
        await SendAsync(
            host,
            Book.AdmitAndOpen(
                ContractArguments.Of(order), ContractArguments.Of(order.Services), user.SignDigest(orderHash).ToArray(), ContractArguments.Of(plan),
                [.. plan.Entries.Select(ContractArguments.Of)], [signature]),
            cancellationToken);
        var key = new Messages.LeaseKey(orderHash, 0, 0, 0, coe);
        Assert.Equal(1, (await Book.LeaseOfAsync(key.Id(domain), cancellationToken: cancellationToken)).State);
        return new AssignmentDocument(
            key.Id(domain), orderHash, 0, 0, 0, OrderDocument.From(order), spec.ImageDigest, System.Text.Encoding.UTF8.GetString(spec.ToCanonicalJson()), Stop: false);
    }

    public Task EndAsync(AssignmentDocument lease, Hash32 coe, CancellationToken cancellationToken) =>
        SendAsync(user.Address, Book.End([ContractArguments.Of(lease.KeyOn(coe))]), cancellationToken);

    /// <summary>Closes it, once late reports are taken no more.</summary>
    public async Task FinaliseAsync(AssignmentDocument lease, Hash32 coe, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await SendAsync(host, Book.Finalise([ContractArguments.Of(lease.KeyOn(coe))]), cancellationToken);
                return;
            }
            catch (CallRevertedException early) when (early.Error.ErrorName == "LateReportsStillTaken")
            {
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    /// <summary>Settles what an agent sent, as a control plane would.</summary>
    public Task SettleAsync(Hash32 coe, UsageSubmission usage, CancellationToken cancellationToken) => SendAsync(
        host, Book.Settle([new UsageBatch(coe, usage.AsOf, Convert.FromHexString(usage.Entries[2..]), usage.Signature.ToArray())], EvmAddress.Zero), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await anvil.DisposeAsync();
        http.Dispose();
    }

    private EvmAddress AddressOf(string contract) => EvmAddress.Parse(contracts[contract]!.GetValue<string>());

    private async Task DeployAsync(string file, CancellationToken cancellationToken)
    {
        var governor = EvmAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        string[] arguments =
        [
            "script", "script/Deploy.s.sol", "--rpc-url", Endpoint.ToString(), "--broadcast", "--slow", "--unlocked", "--sender", governor.ToString(), "--non-interactive",
        ];
        await using var forge = RunningProgram.Start(new ProcessStartInfo(Repository.NpmProgram("forge"), arguments)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "contracts"),
            Environment =
            {
                ["DWEB_NPM"] = Repository.NodeModules,
                ["DWEB_PROFILE"] = "demo",
                ["DWEB_DEPLOY_OUT"] = file,
                ["DWEB_COMMITTEE"] = scheduler.Address.ToString(),
                ["FOUNDRY_DISABLE_NIGHTLY_WARNING"] = "1",
            },
        });
        int code = await forge.WaitAsync(cancellationToken);
        Assert.True(code == 0, $"forge ended with {code}: {forge.Output}");
        DeploymentFile = file;
        contracts = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken))!["contracts"]!.AsObject();
    }

    // Everybody may send, and has tokens where they are needed.
    private async Task SettleInAsync(CancellationToken cancellationToken)
    {
        foreach (var person in (EvmAddress[])[host, user.Address])
        {
            await Client.Rpc.SendAsync(new RpcRequest("anvil_setBalance", person.ToString(), "0x56bc75e2d63100000"), cancellationToken);
            await Client.Rpc.SendAsync(new RpcRequest("anvil_impersonateAccount", person.ToString()), cancellationToken);
        }

        var token = new DwebToken(Client, AddressOf("DwebToken"));
        await SendAsync(host, token.Faucet(host, 100_000 * Token), cancellationToken);
        await SendAsync(host, token.Faucet(user.Address, 100_000 * Token), cancellationToken);
        await SendAsync(host, token.Approve(AddressOf("CoeRegistry"), 100_000 * Token), cancellationToken);
        await SendAsync(user.Address, token.Approve(Book.Address, 100_000 * Token), cancellationToken);
        await SendAsync(user.Address, Book.Deposit(50_000 * Token), cancellationToken);
    }

    private async Task SendAsync(EvmAddress from, ContractCall call, CancellationToken cancellationToken)
    {
        // Says why before it is sent: a failed transaction has no words.
        await Client.SimulateAsync(call, from, BlockTag.Latest, cancellationToken);
        var sent = await Client.Rpc.SendAsync(
            new RpcRequest("eth_sendTransaction", new JsonObject { ["from"] = from.ToString(), ["to"] = call.To.ToString(), ["data"] = "0x" + Convert.ToHexStringLower(call.Data) }),
            cancellationToken);
        TransactionReceipt? receipt;
        while ((receipt = await Client.GetReceiptAsync(Hash32.Parse(sent.GetString()!), cancellationToken)) is null)
        {
            await Task.Delay(20, cancellationToken);
        }

        Assert.True(receipt.Succeeded, $"{call.Function} failed on chain.");
    }
}
