using System.Globalization;
using System.Text.Json;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.ControlPlane;

/// <summary>Which orchestrations are meant; what is null does not restrict it. Times are Unix milliseconds.</summary>
internal sealed record OrchestrationSelection(string? Name, string? Status, string? Prefix, long? UpdatedBeforeMs)
{
    public bool IsEverything => this == new OrchestrationSelection(null, null, null, null);

    public string ToQuery()
    {
        (string Name, string? Value)[] parts =
            [("name", Name), ("status", Status), ("prefix", Prefix), ("updatedBeforeMs", UpdatedBeforeMs?.ToString(CultureInfo.InvariantCulture))];
        return string.Join('&', parts.Where(static part => part.Value is not null).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }
}

/// <summary>The orchestrations of a control plane, for the wallet of its operator.</summary>
internal sealed class OrchestrationsClient(Run run)
{
    private const string Root = "/api/orchestrations";
    private const int LargestPage = 100;

    /// <returns>At most that many, and whether there are more.</returns>
    public async Task<(IReadOnlyList<OrchestrationView> Found, bool HasMore)> ListAsync(OrchestrationSelection selection, int most, CancellationToken cancellationToken)
    {
        List<OrchestrationView> found = [];
        string? continuation = null;
        do
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{Root}?pageSize={Math.Min(most - found.Count, LargestPage)}&{selection.ToQuery()}");
            string page = continuation is null ? path : $"{path}&continuation={Uri.EscapeDataString(continuation)}";
            var answer = await AskAsync(token => run.Api.GetAsync(page, DwebJson.Default.OrchestrationPageView, token, cancellationToken), cancellationToken);
            found.AddRange(answer.Items);
            continuation = answer.Continuation;
        }
        while (continuation is not null && found.Count < most);
        return (found, continuation is not null);
    }

    public Task<OrchestrationView> GetAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => run.Api.GetAsync(PathOf(id), DwebJson.Default.OrchestrationView, token, cancellationToken), cancellationToken);

    public Task<OrchestrationTimelineView> HistoryAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => run.Api.GetAsync(PathOf(id) + "/history", DwebJson.Default.OrchestrationTimelineView, token, cancellationToken), cancellationToken);

    public Task<OrchestrationChange> ChangeAsync(string id, string verb, string? reason, CancellationToken cancellationToken) =>
        AskAsync(
            token => run.Api.PostAsync(
                $"{PathOf(id)}/{verb}", new OrchestrationReason(reason), DwebJson.Default.OrchestrationReason, DwebJson.Default.OrchestrationChange, cancellationToken, token),
            cancellationToken);

    public Task<OrchestrationChange> RaiseAsync(string id, string name, string eventId, JsonElement payload, CancellationToken cancellationToken) =>
        AskAsync(
            token => run.Api.PostAsync(
                $"{PathOf(id)}/events/{Uri.EscapeDataString(name)}", new OrchestrationEvent(eventId, payload), DwebJson.Default.OrchestrationEvent,
                DwebJson.Default.OrchestrationChange, cancellationToken, token),
            cancellationToken);

    public Task<PurgeView> PurgeAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => run.Api.DeleteAsync(PathOf(id), DwebJson.Default.PurgeView, token, cancellationToken), cancellationToken);

    public Task<PurgeView> PurgeAsync(OrchestrationSelection selection, CancellationToken cancellationToken) =>
        AskAsync(token => run.Api.DeleteAsync($"{Root}?{selection.ToQuery()}", DwebJson.Default.PurgeView, token, cancellationToken), cancellationToken);

    private Task<T> AskAsync<T>(Func<string, Task<T>> request, CancellationToken cancellationToken) => run.Login.WithTokenAsync(run.Wallet, request, cancellationToken);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
