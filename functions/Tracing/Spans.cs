using System.Diagnostics;
using Dweb.Core.Protocol;
using Dweb.Core.Tracing;

namespace Dweb.Functions.Tracing;

/// <summary>
/// Spans of an order's way, of which nothing is made while nobody listens. They name the order by its hash and hold no secret: no spec, no signature, no key.
/// </summary>
internal static class Spans
{
    public const string SourceName = "Dweb.Functions";

    private static readonly ActivitySource Source = new(SourceName);

    /// <param name="parent">Where it hangs; at the span of ours that is open here, or nowhere, when it is default.</param>
    /// <param name="since">When it began; now when it is default.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? Begin(string name, Hash32 orderHash, ActivityContext parent = default, DateTimeOffset since = default)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var open = Activity.Current;
        if (open is not null && open.Source != Source)
        {
            // The server's own span of a request is not exported: what hung at it would hang nowhere.
            Activity.Current = null;
        }

        var span = Source.StartActivity(name, ActivityKind.Internal, parent, startTime: since);
        if (span is null)
        {
            Activity.Current = open;
        }

        return orderHash.IsZero ? span : span?.SetTag(SpanTags.Order, orderHash.ToString());
    }

    /// <summary>Gives a request the span of ours that is open, for a client that adds none itself: it would name its own span, which is not exported.</summary>
    public static void Carry(HttpRequestMessage request)
    {
        if (Activity.Current is { } open && open.Source == Source)
        {
            request.Headers.Add("traceparent", open.Id);
        }
    }

    /// <summary>The context that a request brings (W3C traceparent); default where it brings none that can be read.</summary>
    public static ActivityContext Of(HttpRequest request) =>
        Source.HasListeners() && ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var context) ? context : default;
}
