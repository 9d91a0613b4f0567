using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Api;

/// <summary>Whether the control plane works, and how far it has read the chain.</summary>
internal static class HealthApi
{
    private const ulong FarBehind = 100;

    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/health", (Market market, ChainIndexer indexer, ChainContracts contracts, Heartbeats heartbeats) =>
        {
            IReadOnlyList<string> problems = indexer.Indexed + FarBehind < indexer.Head.Number
                ? [$"The index is at block {indexer.Indexed}, the chain at {indexer.Head.Number}."]
                : [];
            string version = typeof(HealthApi).Assembly.GetName().Version!.ToString(3);
            var view = new HealthView(
                problems.Count == 0 ? "ok" : "degraded", version, contracts.Addresses.ChainId, indexer.Head.Number, indexer.Indexed,
                market.Coes.Keys.Count(heartbeats.IsLive), problems, contracts.Addresses.LeaseBook);
            return Answer.Json(view, DwebJson.Default.HealthView);
        })
        .Produces<HealthView>()
        .WithSummary("Answers 200 once the control plane takes orders.");
}
