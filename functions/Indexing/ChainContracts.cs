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

    public SchedulerCommittee SchedulerCommittee { get; } = new(chain, addresses.SchedulerCommittee);

    public TypedDataDomain Book { get; } = new(addresses.ChainId, addresses.LeaseBook);
}

/// <summary>What the contracts fix for everybody, read at start.</summary>
/// <param name="LateReports">Seconds after an end in which usage is still taken.</param>
/// <param name="AskDelay">Seconds that a plan's deadline may lie ahead.</param>
internal sealed record ProtocolParameters(PriceVector ReferencePrices, ushort FeeBps, ulong LateReports, ulong AskDelay, ulong CommitteeEpoch)
{
    public static async Task<ProtocolParameters> ReadAsync(ChainContracts contracts, CancellationToken cancellationToken)
    {
        var book = contracts.LeaseBook;
        var prices = book.ReferencePricesAsync(cancellationToken: cancellationToken);
        var fee = book.FeeBpsAsync(cancellationToken: cancellationToken);
        var late = book.LateReportsAsync(cancellationToken: cancellationToken);
        var delay = book.AskDelayAsync(cancellationToken: cancellationToken);
        var epoch = contracts.SchedulerCommittee.EpochAsync(cancellationToken: cancellationToken);
        return new ProtocolParameters(PriceVector.FromList(await prices), await fee, await late, await delay, await epoch);
    }
}
