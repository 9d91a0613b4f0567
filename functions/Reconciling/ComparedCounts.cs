namespace Dweb.Functions.Reconciling;

/// <summary>How much was compared.</summary>
/// <param name="Coes">With the registry.</param>
/// <param name="Orders">With the lease book.</param>
/// <param name="Leases">Open, parked and ending ones, with the lease book.</param>
/// <param name="Replicas">With the lease book.</param>
/// <param name="IndexRows">Rows of the index with memory.</param>
/// <param name="OrderRows">Rows of orders, and what sees to them, with the index.</param>
/// <param name="Agents">That are heard, with the index.</param>
internal sealed record ComparedCounts(int Coes, int Orders, int Leases, int Replicas, int IndexRows, int OrderRows, int Agents)
{
    public static ComparedCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public ComparedCounts Plus(ComparedCounts other) => new(
        Coes + other.Coes, Orders + other.Orders, Leases + other.Leases, Replicas + other.Replicas, IndexRows + other.IndexRows, OrderRows + other.OrderRows,
        Agents + other.Agents);
}
