using System.Globalization;
using System.Text.Json.Nodes;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

/// <summary>A real node with the real contracts, a treasury, and a committee of one whose key the tests hold.</summary>
public sealed class LocalChain : IAsyncLifetime
{
    public const ulong ChainId = 31337;
    public const ulong MaturingEpoch = 4;
    public const ulong LateReports = 3;

    private readonly HttpClient http = new();
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-chain-").FullName;
    private Part? node;

    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePorts.One()}");

    public PrivateKey Deployer { get; } = PrivateKey.Create();

    public PrivateKey Scheduler { get; } = PrivateKey.Create();

    public EvmAddress Treasury { get; } = PrivateKey.Create().Address;

    public ChainClient Client { get; private set; } = null!;

    public LeaseBook Book { get; private set; } = null!;

    public DwebToken Token { get; private set; } = null!;

    /// <summary>As the deploy script writes it.</summary>
    public string DeploymentFile { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        node = Part.Start(Places.Anvil(), "--port", Endpoint.Port.ToString(CultureInfo.InvariantCulture), "--slots-in-an-epoch", "1");
        Client = new ChainClient(new JsonRpcClient(http, Endpoint));
        await node.WaitAsync(async stop => await Client.GetHeadAsync(stop));
        await GiveCoinAsync(Deployer.Address);
        await DeployAsync();
        // Each block is a second later than the one before: however slow a test runs, the chain's time is the same.
        await Client.Rpc.SendAsync(new RpcRequest("anvil_setBlockTimestampInterval", 1), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
        {
            await node.DisposeAsync();
        }

        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public async Task GiveCoinAsync(EvmAddress account) =>
        await Client.Rpc.SendAsync(new RpcRequest("anvil_setBalance", account.ToString(), "0x56bc75e2d63100000"), CancellationToken.None);

    /// <summary>Lets the chain's clock run on.</summary>
    public async Task PassAsync(ulong seconds)
    {
        // The clock goes by blocks: what is added to the machine's time would not count.
        ulong next = (await Client.GetHeadAsync(CancellationToken.None)).Timestamp + seconds;
        await Client.Rpc.SendAsync(new RpcRequest("evm_setNextBlockTimestamp", (long)next), CancellationToken.None);
        await Client.Rpc.SendAsync(new RpcRequest("evm_mine"), CancellationToken.None);
    }

    public async Task<TransactionReceipt> SendAsync(PrivateKey key, ContractCall call)
    {
        using var sender = new TransactionSender(Client, key);
        return await sender.SendAsync(call, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends as a contract would, whose key nobody has.</summary>
    public async Task ImpersonateAsync(EvmAddress contract, ContractCall call)
    {
        await GiveCoinAsync(contract);
        await Client.Rpc.SendAsync(new RpcRequest("anvil_impersonateAccount", contract.ToString()), CancellationToken.None);
        await Client.Rpc.SendAsync(
            new RpcRequest("eth_sendTransaction", new JsonObject
            {
                ["from"] = contract.ToString(), ["to"] = call.To.ToString(), ["data"] = "0x" + Convert.ToHexStringLower(call.Data),
            }),
            CancellationToken.None);
        await Client.Rpc.SendAsync(new RpcRequest("anvil_stopImpersonatingAccount", contract.ToString()), CancellationToken.None);
    }

    private async Task DeployAsync()
    {
        string file = Path.Combine(folder, "deployment.json");
        await Places.ForgeAsync(
            new Dictionary<string, string>
            {
                ["DWEB_DEPLOY_OUT"] = file,
                ["DWEB_PROFILE"] = "demo",
                ["DWEB_TREASURY"] = Treasury.ToString(),
                ["DWEB_COMMITTEE"] = Scheduler.Address.ToString(),
                ["FOUNDRY_BROADCAST"] = Path.Combine(folder, "broadcast"),
            },
            "script", "script/Deploy.s.sol", "--rpc-url", Endpoint.ToString(), "--broadcast", "--slow", "--private-key", "0x" + Convert.ToHexStringLower(Deployer.ExportBytes()));
        DeploymentFile = await File.ReadAllTextAsync(file);
        var addresses = Dweb.Chain.Contracts.DeploymentFile.Load(file);
        Book = new LeaseBook(Client, addresses.LeaseBook);
        Token = new DwebToken(Client, addresses.DwebToken);
    }
}
