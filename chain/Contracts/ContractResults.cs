using Dweb.Core.Metering;
using Dweb.Core.Protocol.Http;

namespace Dweb.Chain.Contracts;

/// <summary>What the contracts answer, as the protocol's messages.</summary>
public static class ContractResults
{
    public static LeaseTerms Of(Terms terms) => new(
        terms.HostRate, terms.BaseRate, terms.HostTransfer, terms.BaseTransfer, terms.RoyaltyBps, terms.FeeBps, terms.AllowanceGiB, terms.RentShare);

    public static UsageCounters Of(Counters settled) => new(
        settled.SecondsRun, settled.Cpu, settled.MemoryUsed, settled.StorageUsed, settled.Received, settled.Sent);
}
