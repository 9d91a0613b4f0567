using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>The stack's chain, read and written without any program of ours in between.</summary>
internal sealed class OnChain : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly LocalStack _local;

    public OnChain(LocalStack local)
    {
        _local = local;
        Client = new ChainClient(new JsonRpcClient(_http, new Uri(local.Addresses.Rpc)));
        Addresses = DeploymentFile.Load(local.DeploymentFile);
    }

    public ChainClient Client { get; }

    public ContractAddresses Addresses { get; }

    public LeaseBook Book => new(Client, Addresses.LeaseBook);

    public DwebToken Token => new(Client, Addresses.DwebToken);

    public TypedDataDomain BookDomain => DomainOf(Addresses.LeaseBook);

    public TypedDataDomain DomainOf(EvmAddress contract) => new(Addresses.ChainId, contract);

    public PrivateKey KeyOf(string wallet) => KeystoreV3.Decrypt(File.ReadAllText(_local.Wallets.Keystore(wallet)), File.ReadAllText(_local.Wallets.PasswordFile).Trim());

    public async Task<TransactionReceipt> SendAsync(PrivateKey key, ContractCall call, CancellationToken cancellationToken)
    {
        using var sender = new TransactionSender(Client, key);
        return await sender.SendAsync(call, null, cancellationToken);
    }

    /// <summary>Everything that the contracts ever logged.</summary>
    public Task<IReadOnlyList<ChainLog>> LogsAsync(CancellationToken cancellationToken) => Client.GetLogsAsync(
        new LogFilter
        {
            From = BlockTag.Number(Addresses.Block),
            Addresses =
            [
                Addresses.DwebToken, Addresses.CodeRegistry, Addresses.ContainerRegistry, Addresses.CoeOsRegistry, Addresses.CoeRegistry,
                Addresses.SchedulerCommittee, Addresses.ProtocolSettings, Addresses.RoyaltyPool,
                Addresses.LeaseBook,
            ],
        },
        cancellationToken);

    /// <summary>Leases that were ever opened, or those of one order.</summary>
    public async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>> OpeningsAsync(CancellationToken cancellationToken, Hash32? order = null)
    {
        var openings = new List<LeaseBook.Events.LeaseOpened>();
        foreach (var log in await LogsAsync(cancellationToken))
        {
            if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) && (order is null || opened.OrderHash == order))
            {
                openings.Add(opened);
            }
        }

        return openings;
    }

    public async Task<LeaseState> StateOfAsync(Hash32 lease, CancellationToken cancellationToken) =>
        (LeaseState)(await Book.LeaseOfAsync(lease, cancellationToken: cancellationToken)).State;

    public void Dispose() => _http.Dispose();
}
