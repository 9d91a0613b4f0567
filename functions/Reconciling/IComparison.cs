using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>Compares one part of what the control plane holds with the chain or with agents, and mends it by the ways that exist.</summary>
internal interface IComparison
{
    /// <summary>One of <see cref="ComparisonParts"/>.</summary>
    string Part { get; }

    /// <summary>What is looked at next, a bounded number, in an order that a run can go on from.</summary>
    /// <param name="after">The last subject before; null for the first.</param>
    /// <returns>Nothing after the last one.</returns>
    Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken);

    Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken);

    /// <summary>Does what can be done about a finding of this part. Twice is once.</summary>
    /// <param name="run">Instance id of the run that found it.</param>
    Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken);
}

/// <summary>What a comparison saw.</summary>
/// <param name="At">The block that it compared with; null where it did not look at the chain.</param>
internal sealed record Look(IndexCursor? At, ComparedCounts Compared, IReadOnlyList<Finding> Findings);

/// <summary>Names of the comparisons, in the order in which a run makes them: what comes later believes what came before.</summary>
internal static class ComparisonParts
{
    public const string Coes = "coes";
    public const string Orders = "orders";
    public const string IndexRows = "index-rows";
    public const string OrderRows = "order-rows";
    public const string Agents = "agents";
    public const string First = Coes;

    /// <returns>Null after the last one.</returns>
    public static string? After(string part) => part switch
    {
        Coes => Orders,
        Orders => IndexRows,
        IndexRows => OrderRows,
        OrderRows => Agents,
        _ => null,
    };
}
