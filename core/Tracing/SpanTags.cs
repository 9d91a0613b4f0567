namespace Dweb.Core.Tracing;

/// <summary>Names of what spans carry in every program, by which those of one order are joined: no trace's context travels to agents.</summary>
public static class SpanTags
{
    /// <summary>The order's hash.</summary>
    public const string Order = "dweb.order";

    /// <summary>The lease's id.</summary>
    public const string Lease = "dweb.lease";
}
