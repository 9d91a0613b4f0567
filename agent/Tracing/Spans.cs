using System.Diagnostics;
using Dweb.Core.Protocol;
using Dweb.Core.Tracing;

namespace Dweb.Agent.Tracing;

/// <summary>
/// Spans of what an agent does for a lease, of which nothing is made while nobody listens. No trace's context travels with an assignment, which is the chain's
/// word in the control plane's mouth: who reads them joins them to an order's by its hash.
/// </summary>
internal static class Spans
{
    public const string SourceName = "Dweb.Agent";
    private static readonly ActivitySource Source = new(SourceName);

    /// <param name="orderHash">Zero where only the lease is known.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? Begin(string name, Hash32 orderHash, Hash32 leaseId)
    {
        var span = Source.StartActivity(name)?.SetTag(SpanTags.Lease, leaseId.ToString());
        return orderHash.IsZero ? span : span?.SetTag(SpanTags.Order, orderHash.ToString());
    }
}
