using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Metering;

/// <summary>How much of what an agent reports is paid: reports beyond a bound are clamped, not refused.</summary>
public static class Payable
{
    /// <param name="reported">Seconds since opening, as the agent signed them.</param>
    /// <param name="limit">Seconds funded, counted from <paramref name="origin"/>; lowered to the end once the lease is ending or parked.</param>
    /// <param name="asOf">Unix time of the report's block.</param>
    /// <param name="origin">Unix time from which the lease counts.</param>
    public static uint Seconds(LeaseState state, uint reported, uint limit, ulong asOf, ulong origin)
    {
        uint funded = Math.Min(reported, limit);
        ulong elapsed = asOf > origin ? asOf - origin : 0;
        return state == LeaseState.Open ? (uint)Math.Min(funded, elapsed) : funded;
    }

    /// <param name="allowanceMiB">What the user paid for; the rest is the host's gift.</param>
    public static ulong TransferMiB(uint received, uint sent, ulong allowanceMiB) => Math.Min((ulong)received + sent, allowanceMiB);
}
