using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Identity;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Api;

/// <summary>Whether what this control plane holds is what the chain says: read by everybody, begun by operators and by a timer.</summary>
internal static class ReconciliationApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/reconciliations", async (ReconciliationReports reports, CancellationToken cancellationToken) =>
                await reports.FindAsync(cancellationToken) is { } report
                    ? Answer.Json(Describe(report), DwebJson.Default.ReconciliationView)
                    : throw new DwebException(Catalogue.NotFound, "Nothing has been reconciled yet; a timer begins it on the schedule of Dweb__ReconciliationSchedule."))
            .Produces<ReconciliationView>()
            .WithSummary("The last comparison of what this control plane holds with chain and agents.");

        api.MapPost("/reconciliations", async (HttpContext context, Operators operators, ReconciliationRuns runs, TimeProvider time, CancellationToken cancellationToken) =>
            {
                _ = operators.Require(context.Request);
                string id = await runs.BeginAsync(time.GetUtcNow(), cancellationToken);
                return Answer.Json(new OrchestrationChange(id, "start"), DwebJson.Default.OrchestrationChange, StatusCodes.Status202Accepted);
            })
            .Produces<OrchestrationChange>(StatusCodes.Status202Accepted)
            .WithSummary("Begins a reconciliation now, for operators; answers with the one that goes on already, if there is one.");
    }

    private static ReconciliationView Describe(ReconciliationReport report)
    {
        var compared = report.Compared;
        return new ReconciliationView(
            report.Id, report.StartedAtMs, report.FinishedAtMs, report.At?.Block ?? 0, report.At?.BlockHash ?? default,
            new ComparedView(compared.Coes, compared.Orders, compared.Leases, compared.Replicas, compared.IndexRows, compared.OrderRows, compared.Agents),
            [.. report.Findings.Select(static found => new ReconciliationFinding(found.Finding.Kind, found.Finding.Id, found.Finding.Expected, found.Finding.Found, found.Repaired))],
            report.Unjudged);
    }
}
