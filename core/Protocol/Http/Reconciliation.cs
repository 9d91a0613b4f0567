namespace Dweb.Core.Protocol.Http;

/// <summary><c>GET /api/reconciliations</c>: the last comparison of what a control plane holds with the chain and with what agents say.</summary>
/// <param name="Id">Of its orchestration.</param>
/// <param name="StartedAtMs">Unix milliseconds, as <paramref name="FinishedAtMs"/>.</param>
/// <param name="Block">The newest block that something was compared with; 0 where there was nothing to compare.</param>
/// <param name="Unjudged">Differences that were too many for one run; the next one finds them.</param>
public sealed record ReconciliationView(
    string Id, long StartedAtMs, long FinishedAtMs, ulong Block, Hash32 BlockHash, ComparedView Compared, IReadOnlyList<ReconciliationFinding> Findings, int Unjudged);

/// <summary>How much was compared: COEs, orders, leases that are not closed, and replicas with the contracts; rows of the index with memory; rows of orders with the index; agents that are heard.</summary>
public sealed record ComparedView(int Coes, int Orders, int Leases, int Replicas, int IndexRows, int OrderRows, int Agents);

/// <param name="Kind">What is wrong, in a word.</param>
/// <param name="Id">The lease, order, replica or COE.</param>
/// <param name="Expected">What chain or agents say.</param>
/// <param name="Repaired">It was mended, and not there any more when it was looked at after that.</param>
public sealed record ReconciliationFinding(string Kind, string Id, string Expected, string Found, bool Repaired);
