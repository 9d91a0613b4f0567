using System.Runtime.CompilerServices;
using Dweb.Durable.Hub;
using Dweb.Durable.Storage;

namespace Dweb.Durable;

public sealed partial class EmbeddedHub
{
    private const int LargestPage = 1_000;

    /// <inheritdoc/>
    public async Task<OrchestrationTimeline?> GetTimelineAsync(string instanceId, CancellationToken ct)
    {
        Azure.ETag? before = null;
        while (await _engine.FindRowAsync(instanceId, ct) is { } row)
        {
            var pages = await InstanceLoader.PagesAsync(_engine.Store, row, ct);
            // A page less means that the instance has gone on to its next generation, or is gone, since its row was read.
            if (pages.Count == row.NextPage)
            {
                return new(StateOf(row, pages), TimelineBuilder.Build(pages.SelectMany(static page => page.Events)));
            }
            before = row.ETag != before ? row.ETag : throw new InvalidDataException($"The history of '{instanceId}' has {pages.Count} of {row.NextPage} pages.");
        }
        return null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<OrchestrationState> ListAsync(OrchestrationQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in RowsAsync(query, ct))
        {
            if (!row.IsPurged)
            {
                yield return row.ToState();
            }
        }
    }

    /// <inheritdoc/>
    public async Task<OrchestrationPage> ListPageAsync(OrchestrationQuery query, int pageSize, string? continuation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, LargestPage);
        List<OrchestrationState> items = new(pageSize);
        do
        {
            // A storage may give less than was asked for although there is more.
            (var rows, continuation) = await _engine.Store.QueryPageAsync(HubTable.Instances, InstanceFilter.Of(query), pageSize - items.Count, continuation, ct);
            items.AddRange(rows.Select(InstanceRow.From).Where(row => !row.IsPurged).Select(row => row.ToState()).Where(query.Includes));
        }
        while (items.Count < pageSize && continuation is not null);
        return new(items, continuation);
    }

    /// <inheritdoc/>
    public async Task PurgeAsync(string instanceId, CancellationToken ct)
    {
        string? life = null;
        while (await _engine.ReadRowAsync(instanceId, ct) is { } row && row.Life == (life ??= row.Life))
        {
            if (!row.Status.IsTerminal())
            {
                throw new OrchestrationConflictException(instanceId, $"it has not ended ({row.Status}) and cannot be purged.");
            }
            if (await _engine.PurgeInstanceAsync(row, ct))
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(OrchestrationQuery query, CancellationToken ct)
    {
        var purged = 0;
        await foreach (var row in RowsAsync(query, ct))
        {
            // One that was rewound since the query saw it has not ended.
            if (row.Status.IsTerminal() && await _engine.PurgeInstanceAsync(row, ct))
            {
                purged++;
            }
        }
        return purged;
    }

    /// <inheritdoc/>
    public async Task RewindAsync(string instanceId, string? reason, CancellationToken ct)
    {
        var inbox = new InboxRow(RowKeys.FromOutside(NewId()), null, _engine.NextOrder(), HistoryEvents.Rewound(_engine.Time.GetUtcNow(), reason));
        switch (await _engine.RewindInstanceAsync(instanceId, inbox, ct))
        {
            case RewindResult.NotFound:
                throw new OrchestrationNotFoundException(instanceId);
            case RewindResult.NotFailed:
                throw new OrchestrationConflictException(instanceId, "it has not failed and cannot be rewound.");
            case RewindResult.Refused:
                throw new OrchestrationConflictException(instanceId, "its worker cannot rewind it.");
            default:
                return;
        }
    }

    private async IAsyncEnumerable<InstanceRow> RowsAsync(OrchestrationQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        await foreach (var entity in _engine.Store.QueryAsync(HubTable.Instances, InstanceFilter.Of(query), ct))
        {
            var row = InstanceRow.From(entity);
            if (query.Includes(row.ToState()))
            {
                yield return row;
            }
        }
    }
}
