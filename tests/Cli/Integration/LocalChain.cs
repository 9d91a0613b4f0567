using System.Globalization;
using System.Text.Json;
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
    private Part? node;

    public Uri Endpoint { get; } = new($"http://127.0.0.1:{Places.FreePort()}");

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
        node = Part.Start(
            Places.Anvil(), "--port", Endpoint.Port.ToString(CultureInfo.InvariantCulture), "--mixed-mining", "--block-time", "1", "--slots-in-an-epoch", "1");
        Client = new ChainClient(new JsonRpcClient(http, Endpoint));
        await node.WaitAsync(async stop => await Client.GetHeadAsync(stop));
        await GiveCoinAsync(Deployer.Address);
        await DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
        {
            await node.DisposeAsync();
        }

        http.Dispose();
    }

    public async Task GiveCoinAsync(EvmAddress account) =>
        await Client.Rpc.SendAsync(new RpcRequest("anvil_setBalance", account.ToString(), "0x56bc75e2d63100000"), CancellationToken.None);

    /// <summary>Lets the chain's clock run on.</summary>
    public async Task PassAsync(ulong seconds)
    {
        await Client.Rpc.SendAsync(new RpcRequest("evm_increaseTime", (long)seconds), CancellationToken.None);
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
        using var sender = new TransactionSender(Client, Deployer);
        var governor = Deployer.Address;
        async Task<EvmAddress> Create(string name, byte[] data) => (await sender.DeployAsync(data, name, null, CancellationToken.None)).ContractAddress!.Value;
        Task Call(ContractCall call) => sender.SendAsync(call, null, CancellationToken.None);

        var token = await Create("DwebToken", DwebToken.CreationData(Places.Bytecode("DwebToken"), governor));
        var committee = await Create("SchedulerCommittee", SchedulerCommittee.CreationData(Places.Bytecode("SchedulerCommittee"), governor));
        var pool = await Create("RoyaltyPool", RoyaltyPool.CreationData(Places.Bytecode("RoyaltyPool"), token, Treasury, governor));
        var code = await Create("CodeRegistry", CodeRegistry.CreationData(Places.Bytecode("CodeRegistry"), pool));
        var images = await Create("ContainerRegistry", ContainerRegistry.CreationData(Places.Bytecode("ContainerRegistry"), code, pool));
        var coes = await Create("CoeRegistry", CoeRegistry.CreationData(Places.Bytecode("CoeRegistry"), token, governor));
        var book = await Create("LeaseBook", LeaseBook.CreationData(
            Places.Bytecode("LeaseBook"), new Parts(token, coes, images, committee, pool, Treasury), 100,
            [1_000_000_000, 500_000_000, 10_000_000, 1_000_000_000, 100_000_000_000], new Params(LateReports, MaturingEpoch, 20, 10)));
        var thePool = new RoyaltyPool(Client, pool);
        await Call(new SchedulerCommittee(Client, committee).SetCommittee([Scheduler.Address], 1));
        await Call(thePool.AuthoriseRegistry(code));
        await Call(thePool.AuthoriseRegistry(images));
        await Call(thePool.AuthoriseBook(book));
        await Call(new CoeRegistry(Client, coes).AuthoriseBook(book));
        Book = new LeaseBook(Client, book);
        Token = new DwebToken(Client, token);
        DeploymentFile = new JsonObject
        {
            ["chainId"] = ChainId,
            ["block"] = 0,
            ["contracts"] = new JsonObject
            {
                ["DwebToken"] = token.ToString(), ["CodeRegistry"] = code.ToString(), ["ContainerRegistry"] = images.ToString(), ["CoeRegistry"] = coes.ToString(),
                ["SchedulerCommittee"] = committee.ToString(), ["RoyaltyPool"] = pool.ToString(), ["LeaseBook"] = book.ToString(),
            },
            ["treasury"] = Treasury.ToString(),
            ["governor"] = governor.ToString(),
        }.ToJsonString(JsonSerializerOptions.Web);
    }
}
