using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Functions.Indexing;

/// <summary>The contracts of this deployment, and the domains that signatures name.</summary>
internal sealed class ChainContracts(ContractAddresses addresses, ChainClient chain)
{
    public ContractAddresses Addresses { get; } = addresses;

    public LeaseBook LeaseBook { get; } = new(chain, addresses.LeaseBook);

    public CoeRegistry CoeRegistry { get; } = new(chain, addresses.CoeRegistry);

    public CodeRegistry CodeRegistry { get; } = new(chain, addresses.CodeRegistry);

    public ContainerRegistry ContainerRegistry { get; } = new(chain, addresses.ContainerRegistry);

    public CoeOsRegistry CoeOsRegistry { get; } = new(chain, addresses.CoeOsRegistry);

    public ProtocolSettings ProtocolSettings { get; } = new(chain, addresses.ProtocolSettings);

    public SchedulerCommittee SchedulerCommittee { get; } = new(chain, addresses.SchedulerCommittee);

    public TypedDataDomain Book { get; } = new(addresses.ChainId, addresses.LeaseBook);
}

/// <summary>What the contracts fix for everybody and for ever, read at start. Seconds.</summary>
/// <param name="LateReports">After an end in which usage is still taken.</param>
/// <param name="Grace">For which storage of an unfunded lease is kept, and its rent reserved.</param>
/// <param name="ParkAfter">From the end of a lease's funds until anyone may park it.</param>
/// <param name="DeadSinceBack">That a fault may be dated back.</param>
/// <param name="AskDelay">That a plan's deadline may lie ahead.</param>
internal sealed record ProtocolParameters(uint LateReports, uint Grace, uint ParkAfter, uint DeadSinceBack, ulong AskDelay)
{
    public static async Task<ProtocolParameters> ReadAsync(ChainContracts contracts, CancellationToken cancellationToken)
    {
        var book = contracts.LeaseBook.ParamsAsync(cancellationToken: cancellationToken);
        var delay = contracts.CoeRegistry.AskDelayAsync(cancellationToken: cancellationToken);
        var fixedValues = await book;
        return new ProtocolParameters(fixedValues.LateReports, fixedValues.Grace, fixedValues.ParkAfter, fixedValues.DeadSinceBack, await delay);
    }
}

/// <summary>What the protocol DAO can change, as the chain has it now.</summary>
/// <param name="FeeBps">Basis points of the base charge.</param>
internal sealed record GovernedTerms(PriceVector ReferencePrices, ushort FeeBps, CommitteeSeats Committee)
{
    public ulong CommitteeEpoch => Committee.Epoch;

    public static async Task<GovernedTerms> ReadAsync(ChainContracts contracts, BlockTag at, CancellationToken cancellationToken)
    {
        var tariff = contracts.ProtocolSettings.TariffAsync(at, cancellationToken);
        var epoch = contracts.SchedulerCommittee.EpochAsync(at, cancellationToken);
        var members = contracts.SchedulerCommittee.MembersOfAsync(at, cancellationToken);
        var quorum = contracts.SchedulerCommittee.QuorumAsync(at, cancellationToken);
        var read = await tariff;
        return new GovernedTerms(PriceVector.FromList(read.ReferencePrices), read.FeeBps, new CommitteeSeats(await epoch, [.. await members], await quorum));
    }
}

/// <summary>The scheduler committee of an epoch.</summary>
/// <param name="Quorum">Members that have to sign; at least 1.</param>
internal sealed record CommitteeSeats(ulong Epoch, IReadOnlyList<EvmAddress> Members, int Quorum);
