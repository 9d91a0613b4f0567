using Dweb.Core.Protocol;

namespace Dweb.Functions.Disputes;

/// <summary>Where containers answer, as their agents have told this process.</summary>
internal interface IReportedAddresses
{
    /// <returns>Null when the agent has said nothing of the lease.</returns>
    IReadOnlyList<string>? FindUrls(Hash32 leaseId);
}
