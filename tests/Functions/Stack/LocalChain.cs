using System.Globalization;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A real anvil with the contracts deployed by their own script.</summary>
public sealed class LocalChain : IAsyncDisposable
{
    /// <summary>Coin that no test uses up: 100, in wei.</summary>
    public const string Plenty = "0x56bc75e2d63100000";

    private readonly string folder = Directory.CreateTempSubdirectory("dweb-chain-").FullName;
    private readonly HttpClient http = new();
    private ChildProcess? process;

    public Uri Endpoint { get; private set; } = null!;

    public ChainClient Client { get; private set; } = null!;

    public ContractAddresses Addresses { get; private set; } = null!;

    public string DeploymentFilePath => Path.Combine(folder, "deployment.json");

    public LeaseBook LeaseBook => new(Client, Addresses.LeaseBook);

    public TypedDataDomain Book => new(Addresses.ChainId, Addresses.LeaseBook);

    public TypedDataDomain DomainOf(EvmAddress contract) => new(Addresses.ChainId, contract);

    public async Task StartAsync(IReadOnlyList<EvmAddress> committee, CancellationToken cancellationToken)
    {
        int port = FreePorts.One();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        Client = new ChainClient(new JsonRpcClient(http, Endpoint));
        string[] arguments =
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--mixed-mining", "--block-time", "1", "--slots-in-an-epoch", "1", "--silent"];
        process = new ChildProcess(Repository.Tool("anvil"), arguments, folder);
        await process.WaitForPortAsync(port, cancellationToken);
        await DeployAsync(committee, cancellationToken);
        Addresses = DeploymentFile.Load(DeploymentFilePath);
    }

    /// <summary>A new key with coin for gas.</summary>
    public async Task<PrivateKey> CreateKeyAsync(CancellationToken cancellationToken)
    {
        var key = PrivateKey.Create();
        await SetCoinAsync(key.Address, Plenty, cancellationToken);
        return key;
    }

    public async Task<TransactionReceipt> SendAsync(PrivateKey key, ContractCall call, CancellationToken cancellationToken)
    {
        using var sender = new TransactionSender(Client, key);
        return await sender.SendAsync(call, null, cancellationToken);
    }

    /// <summary>Makes the chain's clock run ahead.</summary>
    public async Task PassTimeAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await Client.Rpc.SendAsync(new RpcRequest("evm_increaseTime", (long)time.TotalSeconds), cancellationToken);
        await Client.Rpc.SendAsync(new RpcRequest("evm_mine"), cancellationToken);
    }

    /// <summary>Gives an account so much coin for gas and no more.</summary>
    public Task SetCoinAsync(EvmAddress account, string amount, CancellationToken cancellationToken) =>
        Client.Rpc.SendAsync(new RpcRequest("anvil_setBalance", account.ToString(), amount), cancellationToken);

    /// <summary>Gives a wallet tokens and lets a contract take them.</summary>
    public async Task FundAsync(PrivateKey key, EvmAddress spender, BigInteger amount, CancellationToken cancellationToken)
    {
        var token = new DwebToken(Client, Addresses.DwebToken);
        await SendAsync(key, token.Faucet(key.Address, amount), cancellationToken);
        await SendAsync(key, token.Approve(spender, amount), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task DeployAsync(IReadOnlyList<EvmAddress> committee, CancellationToken cancellationToken)
    {
        string contracts = Path.Combine(Repository.Root, "contracts");
        var governor = await CreateKeyAsync(cancellationToken);
        var environment = new Dictionary<string, string>
        {
            ["DWEB_DEPLOY_OUT"] = DeploymentFilePath,
            ["DWEB_PROFILE"] = "tests",
            ["DWEB_COMMITTEE"] = string.Join(',', committee),
            ["FOUNDRY_BROADCAST"] = Path.Combine(folder, "broadcast"),
            ["FOUNDRY_DISABLE_NIGHTLY_WARNING"] = "1",
        };
        string[] arguments =
        [
            "script", "script/Deploy.s.sol", "--rpc-url", Endpoint.ToString(), "--broadcast", "--slow",
            "--private-key", "0x" + Convert.ToHexStringLower(governor.ExportBytes()),
        ];
        await using var forge = new ChildProcess(Repository.Tool("forge"), arguments, contracts, environment);
        if (await forge.WaitForExitAsync(cancellationToken) != 0)
        {
            throw new InvalidOperationException("The contracts were not deployed:\n" + forge.Output);
        }
    }
}
