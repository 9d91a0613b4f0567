using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>Contracts as people name them in a proposal's call.</summary>
internal static class CallTargets
{
    /// <exception cref="DwebException">Neither an address nor a name.</exception>
    public static EvmAddress Resolve(ContractAddresses addresses, DaoFactory.Events.DaoCreated dao, string target) => target switch
    {
        nameof(ContractAddresses.DwebToken) => addresses.DwebToken,
        nameof(ContractAddresses.CodeRegistry) => addresses.CodeRegistry,
        nameof(ContractAddresses.ContainerRegistry) => addresses.ContainerRegistry,
        nameof(ContractAddresses.CoeOsRegistry) => addresses.CoeOsRegistry,
        nameof(ContractAddresses.CoeRegistry) => addresses.CoeRegistry,
        nameof(ContractAddresses.SchedulerCommittee) => addresses.SchedulerCommittee,
        nameof(ContractAddresses.ProtocolSettings) => addresses.ProtocolSettings,
        nameof(ContractAddresses.RoyaltyPool) => addresses.RoyaltyPool,
        nameof(ContractAddresses.LeaseBook) => addresses.LeaseBook,
        nameof(ContractAddresses.DaoFactory) => addresses.DaoFactory,
        "shares" => dao.Shares,
        "treasury" => dao.Treasury,
        "governor" => dao.Governor,
        "timelock" => dao.Timelock,
        _ => EvmAddress.TryParse(target, out var address)
            ? address
            : throw new DwebException(Catalogue.InvalidValue, $"'{target}' is neither an address nor the name of a contract."),
    };
}
