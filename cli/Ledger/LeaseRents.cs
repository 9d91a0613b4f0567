using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Ledger;

/// <summary>
/// Rent that a lease's end pays for the time in which nobody funded it. The event of the end tells what was refunded and not what was paid, so
/// the lease's funds are followed from its opening. Takes logs in the order of the chain.
/// </summary>
/// <param name="grace">Seconds, the lease book's.</param>
internal sealed class LeaseRents(uint grace)
{
    private readonly Dictionary<Hash32, (ulong Origin, uint Limit, uint Rent)> leases = [];

    /// <returns>Wei of rent that this log's end pays; 0 for every other log.</returns>
    public BigInteger Take(ChainLog log)
    {
        if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
        {
            leases[opened.LeaseId] = (opened.Origin, opened.Limit, (uint)((ulong)opened.Terms.HostRate * opened.Terms.RentShare / LeaseTerms.WholeShare));
        }
        else if (LeaseBook.Events.LeaseRenewed.TryDecode(log, out var renewed) && leases.TryGetValue(renewed.LeaseId, out var before))
        {
            leases[renewed.LeaseId] = (renewed.Origin, renewed.Limit, before.Rent);
        }
        else if (LeaseBook.Events.LeaseParked.TryDecode(log, out var parked) && leases.TryGetValue(parked.LeaseId, out var running))
        {
            leases[parked.LeaseId] = (running.Origin, parked.Limit, running.Rent);
        }
        else if (LeaseBook.Events.LeaseEnding.TryDecode(log, out var ending) && leases.TryGetValue(ending.LeaseId, out var last))
        {
            return Of(last, (EndReason)ending.Reason, ending.EndedAt);
        }

        return BigInteger.Zero;
    }

    // A replica without duration left is not waited for, so nothing is kept for it.
    private BigInteger Of((ulong Origin, uint Limit, uint Rent) lease, EndReason reason, ulong endedAt)
    {
        ulong fundedUntil = lease.Origin + lease.Limit;
        return reason == EndReason.Expired || endedAt <= fundedUntil
            ? BigInteger.Zero
            : (BigInteger)lease.Rent * Math.Min(endedAt - fundedUntil, grace) * 1_000_000_000;
    }
}
