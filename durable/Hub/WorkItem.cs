using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>What a turn has come to: the page to add, the row to write, and the next generation's first page if there is one.</summary>
internal sealed record Step(HistoryPage Page, InstanceRow Row, HistoryPage? NextSeed)
{
    /// <summary>Whether the page says anything to another instance.</summary>
    public bool HasOutbound { get; init; }
}

/// <summary>The rules by which arrivals and the worker's answer become history. No I/O.</summary>
internal static class WorkItem
{
    private const int InlineFailureBytes = 32 * 1024;

    public static HistoryPage Open(IReadOnlyCollection<Arrival> accepted, DateTimeOffset now, bool beginsAnyway = false)
    {
        var page = new HistoryPage();
        if (accepted.Count > 0 || beginsAnyway)
        {
            page.Events.Add(HistoryEvents.TurnStarted(now));
            page.Events.AddRange(accepted.Select(arrival => arrival.Event));
            page.Consumed.AddRange(accepted.Where(arrival => arrival.InboxKey is not null).Select(arrival => arrival.InboxKey!));
        }
        return page;
    }

    public static OrchestratorRequest Request(InstanceHistory history, HistoryPage page)
    {
        var request = new OrchestratorRequest
        {
            InstanceId = history.Row.InstanceId,
            ExecutionId = history.Started.OrchestrationInstance.ExecutionId,
        };
        request.PastEvents.AddRange(history.Past);
        if (history.Seed is { } seed)
        {
            request.NewEvents.AddRange(seed.Events);
        }
        request.NewEvents.AddRange(page.Events);
        return request;
    }

    public static Step Close(InstanceHistory history, HistoryPage page, OrchestratorResponse response, DateTimeOffset now)
    {
        page.Events.AddRange(response.Actions.Select(action => HistoryEvents.FromAction(now, action)));
        page.Events.Add(HistoryEvents.TurnCompleted(now));
        var row = history.Row with { UpdatedAt = now, CustomStatus = response.CustomStatus ?? history.Row.CustomStatus };
        var end = response.Actions.Select(action => action.CompleteOrchestration).LastOrDefault(action => action is not null);
        var outbound = SpeaksToOthers(history, page, end);
        row = outbound
            ? row with { OutboundGeneration = row.Generation, OutboundPage = row.NextPage }
            : row with { OutboundPage = -1, OutboundGeneration = 0 };
        return end switch
        {
            null => new(page, row with { NextPage = row.NextPage + 1, Status = StatusAfter(history, page) }, null) { HasOutbound = outbound },
            { OrchestrationStatus: WireStatus.ContinuedAsNew } => Renew(history, page, end, row, now) with { HasOutbound = outbound },
            _ => new(page, Ended(row, end), null) { HasOutbound = outbound },
        };
    }

    /// <summary>A failed instance's next generation: what the worker leaves of its history, then the page with the rewind.</summary>
    public static (InstanceRow Row, HistoryPage Seed, HistoryPage Page) Rewind(
        InstanceHistory history, Arrival rewind, IReadOnlyList<HistoryEvent> kept, DateTimeOffset now)
    {
        // The worker's history ends with the turn that asked for the rewind; that turn is a page of its own.
        var asked = kept.Count - 2;
        HistoryPage seed = new() { Events = { kept.Take(asked) } };
        seed.Consumed.AddRange(history.KeysToRemember.Append(rewind.InboxKey!).TakeLast(InstanceHistory.RememberedKeys));
        HistoryPage page = new() { Events = { kept.Skip(asked) } };
        var row = history.Row with
        {
            Generation = history.Row.Generation + 1,
            NextPage = 2,
            OutboundGeneration = history.Row.Generation + 1,
            OutboundPage = 1,
            Status = OrchestrationStatus.Running,
            UpdatedAt = now,
            Output = null,
            Failure = null,
            TextsInHistory = !IsInline(history.Started.Input),
        };
        return (row, seed, page);
    }

    private static Step Renew(InstanceHistory history, HistoryPage page, CompleteOrchestrationAction end, InstanceRow row, DateTimeOffset now)
    {
        var version = end.NewVersion ?? history.Started.Version;
        var seed = new HistoryPage();
        seed.Events.Add(HistoryEvents.TurnStarted(now));
        seed.Events.Add(HistoryEvents.Started(now, row.InstanceId, row.Name, end.Result, Guid.NewGuid().ToString("N"), history.Started.ParentInstance, version));
        seed.Events.AddRange(end.CarryoverEvents);
        seed.Consumed.AddRange(history.KeysToRemember.Concat(page.Consumed).TakeLast(InstanceHistory.RememberedKeys));
        var inline = IsInline(end.Result);
        return new(page, row with
        {
            Generation = row.Generation + 1,
            NextPage = 1,
            Version = version,
            Status = OrchestrationStatus.Running,
            Input = inline ? end.Result : null,
            TextsInHistory = !inline,
        }, seed);
    }

    private static InstanceRow Ended(InstanceRow row, CompleteOrchestrationAction end)
    {
        var failureFits = end.FailureDetails is null || end.FailureDetails.CalculateSize() <= InlineFailureBytes;
        return row with
        {
            NextPage = row.NextPage + 1,
            Status = (OrchestrationStatus)end.OrchestrationStatus,
            Output = IsInline(end.Result) ? end.Result : null,
            Failure = failureFits ? end.FailureDetails : null,
            TextsInHistory = row.TextsInHistory || !IsInline(end.Result) || !failureFits,
        };
    }

    private static OrchestrationStatus StatusAfter(InstanceHistory history, HistoryPage page)
    {
        var suspended = history.IsSuspended;
        foreach (var e in page.Events)
        {
            suspended = e.KindCase switch
            {
                HistoryEvent.KindOneofCase.ExecutionSuspended => true,
                HistoryEvent.KindOneofCase.ExecutionResumed => false,
                _ => suspended,
            };
        }
        return suspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running;
    }

    private static bool SpeaksToOthers(InstanceHistory history, HistoryPage page, CompleteOrchestrationAction? end)
    {
        if (page.Events.Any(e => e.SubOrchestrationCreated is not null || (e.EventSent is not null && PatchMarkers.PatchOf(e) is null)))
        {
            return true;
        }
        return end is not null && end.OrchestrationStatus != WireStatus.ContinuedAsNew
            && (history.Started.ParentInstance is not null || history.OpenChildren.Count > 0);
    }

    internal static bool IsInline(string? text) => text is null || text.Length <= StorageLimits.InlineTextLength;
}
