using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>The contracts of one deployment, through one chain node.</summary>
internal sealed class DwebChain(ChainClient client, ContractAddresses addresses)
{
    private bool checkedChain;

    public ChainClient Client { get; } = client;

    public ContractAddresses Addresses { get; } = addresses;

    public DwebToken Token => new(Client, Addresses.DwebToken);

    public CodeRegistry Code => new(Client, Addresses.CodeRegistry);

    public ContainerRegistry Images => new(Client, Addresses.ContainerRegistry);

    public CoeRegistry Coes => new(Client, Addresses.CoeRegistry);

    public CoeOsRegistry Os => new(Client, Addresses.CoeOsRegistry);

    public SchedulerCommittee Committee => new(Client, Addresses.SchedulerCommittee);

    public DaoFactory Daos => new(Client, Addresses.DaoFactory);

    public ProtocolSettings Settings => new(Client, Addresses.ProtocolSettings);

    public RoyaltyPool Pool => new(Client, Addresses.RoyaltyPool);

    public LeaseBook Book => new(Client, Addresses.LeaseBook);

    /// <summary>The domain of what this contract verifies.</summary>
    public TypedDataDomain DomainOf(EvmAddress contract) => new(Addresses.ChainId, contract);

    /// <summary>Before anything is signed or believed: the node serves the chain of the deployment.</summary>
    /// <exception cref="DwebException">Another chain, or the contracts are not on it.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (checkedChain)
        {
            return;
        }

        ulong chainId = await Client.GetChainIdAsync(cancellationToken);
        if (chainId != Addresses.ChainId)
        {
            throw new DwebException(
                Catalogue.WrongChain, $"The node at {Client.Rpc.Endpoint} serves chain {chainId}; the deployment file is of chain {Addresses.ChainId}.");
        }

        if ((await Client.GetCodeAsync(Addresses.LeaseBook, BlockTag.Latest, cancellationToken)).Length == 0)
        {
            throw new DwebException(Catalogue.WrongContract, $"There is no contract at {Addresses.LeaseBook}, the lease book of the deployment file, on chain {chainId}.");
        }

        checkedChain = true;
    }
}
