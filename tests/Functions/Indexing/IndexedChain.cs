using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Functions.Hosting;
using Dweb.Functions.Indexing;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Market = Dweb.Functions.Indexing.Market;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>An indexer over a real chain and real tables, without the program around it, whose writes of rows a test may hold up or let fail.</summary>
public sealed class IndexedChain : IAsyncLifetime
{
    private readonly Azurite storage = new();
    private StorageAccount account = null!;

    public LocalChain Chain { get; } = new();

    internal Market Market { get; } = new();

    internal WatchedRows Rows { get; private set; } = null!;

    internal ToldOrders Told { get; } = new();

    internal ChainIndexer Indexer { get; private set; } = null!;

    internal IndexRowComparison Comparison { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(storage.StartAsync(cancel), Chain.StartAsync([PrivateKey.Create().Address], cancel));
        account = new StorageAccount(storage.ConnectionString);
        Rows = new WatchedRows(new IndexStore(account));
        Indexer = Restart(Market);
        Comparison = new IndexRowComparison(new IndexRows(account, Market), Rows, Market, Indexer);
        await Indexer.InitialiseAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Indexer.Dispose();
        await Chain.DisposeAsync();
        await storage.DisposeAsync();
    }

    /// <summary>Another one over the same rows and chain, which has loaded nothing yet.</summary>
    /// <param name="node">Null: the chain's own.</param>
    internal ChainIndexer Restart(Market market, ChainClient? node = null)
    {
        node ??= Chain.Client;
        var contracts = new ChainContracts(Chain.Addresses, node);
        var outages = new Outages(TimeProvider.System, NullLogger<Outages>.Instance);
        return new ChainIndexer(
            node, contracts, market, new MarketHistory(), Rows, new MarketSignals(), [Told], IndexPace.Fast, outages, TimeProvider.System, NullLogger<ChainIndexer>.Instance);
    }

    /// <summary>Something new on the chain.</summary>
    public async Task<(string Subject, TransactionReceipt Receipt)> CreateRepositoryAsync(string name, CancellationToken cancellationToken)
    {
        var owner = await Chain.CreateKeyAsync(cancellationToken);
        var receipt = await Chain.SendAsync(owner, new CodeRegistry(Chain.Client, Chain.Addresses.CodeRegistry).CreateRepository(name, owner.Address), cancellationToken);
        foreach (var log in receipt.Logs)
        {
            if (CodeRegistry.Events.RepositoryCreated.TryDecode(log, out var created))
            {
                return ($"{MarketKind.Repository}/{ContractMessages.TokenHash(created.Repository)}", receipt);
            }
        }

        throw new InvalidOperationException("The repository was not created.");
    }

    public Task DeleteRowAsync(string subject, CancellationToken cancellationToken) =>
        account.Table(IndexStore.TableName).DeleteEntityAsync(subject.Split('/')[0], subject.Split('/')[1], Azure.ETag.All, cancellationToken);

    /// <summary>As somebody does who wipes a control plane.</summary>
    internal Task ForgetAsync(CancellationToken cancellationToken) => Rows.ClearAsync(cancellationToken);

    public async Task MineAsync(ulong blocks, CancellationToken cancellationToken)
    {
        // A few at a time: the node answers when all are made.
        const ulong AtATime = 100;
        for (ulong made = 0; made < blocks; made += AtATime)
        {
            await Chain.Client.Rpc.SendAsync(new RpcRequest("anvil_mine", AtATime), cancellationToken);
        }
    }

    public Task MineAsync(CancellationToken cancellationToken) => Chain.Client.Rpc.SendAsync(new RpcRequest("evm_mine"), cancellationToken);

    public Task RollBackAsync(ulong blocks, CancellationToken cancellationToken) => Chain.Client.Rpc.SendAsync(new RpcRequest("anvil_rollback", blocks), cancellationToken);
}
