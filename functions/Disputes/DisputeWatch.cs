using System.Globalization;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Disputes;

/// <summary>Starts a hearing for each dispute as soon as the chain tells of it. Of each lease's disputes every one has disputed more seconds than those before it, so that its id is its own.</summary>
internal sealed class DisputeWatch(IOrchestrationClient orchestrations, Market market) : IChainWatcher
{
    public static string IdOf(DisputeInput dispute) => string.Create(CultureInfo.InvariantCulture, $"dispute-{dispute.LeaseId}-{dispute.DisputedSeconds}");

    public async Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        foreach (var log in logs)
        {
            // Of what is read again from the beginning only what is still open waits for anybody.
            if (LeaseBook.Events.DisputeOpened.TryDecode(log, out var opened) && market.FindLease(opened.LeaseId)?.DisputedUntil == opened.VerdictUntil)
            {
                var dispute = new DisputeInput(opened.LeaseId, opened.SecondsDisputed);
                await orchestrations.StartAsync(Definitions.DisputeHearing, IdOf(dispute), dispute, cancellationToken);
            }
        }
    }

    /// <summary>A hearing looks at the chain before it sends; one that was under way goes on if the dispute is opened again.</summary>
    public Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken) => Task.CompletedTask;
}
