using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Coes;

/// <summary>Asks an agent for the end of a log through its next assignments, and hands its answer to the one who waits.</summary>
internal sealed class LogRelay(MarketSignals signals, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, Pending> pending = new(StringComparer.Ordinal);

    public IReadOnlyList<LogRequest> PendingOf(Hash32 coe) =>
        [.. pending.Values.Where(p => p.Coe == coe).Select(static p => p.Request).OrderBy(static r => r.RequestId, StringComparer.Ordinal)];

    /// <exception cref="DwebException">The agent did not answer in time, or could not read the log.</exception>
    public async Task<LogPage> FetchAsync(LeaseRecord lease, int tail, string? after, CancellationToken cancellationToken)
    {
        var request = new LogRequest(Guid.NewGuid().ToString("N"), lease.LeaseId, tail, after);
        var waiting = new Pending(lease.Coe, request, new TaskCompletionSource<LogAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        pending[request.RequestId] = waiting;
        signals.Coe(lease.Coe).Raise();
        try
        {
            var answer = await waiting.Answer.Task.WaitAsync(Patience, time, cancellationToken);
            return answer.Error is null
                ? new LogPage(lease.LeaseId, answer.Lines, answer.Truncated, answer.Mark)
                : throw new DwebException(Catalogue.EngineFailed, answer.Error);
        }
        catch (TimeoutException)
        {
            throw new DwebException(Catalogue.EngineUnreachable, $"The agent of COE {lease.Coe} did not answer within {Patience.TotalSeconds:0} s.");
        }
        finally
        {
            pending.TryRemove(request.RequestId, out _);
        }
    }

    /// <exception cref="DwebException">Nobody waits for it.</exception>
    public void Answer(Hash32 coe, string requestId, LogAnswer answer)
    {
        if (!pending.TryGetValue(requestId, out var waiting) || waiting.Coe != coe)
        {
            throw new DwebException(Catalogue.NotFound, $"Nobody waits for the log request {requestId}.");
        }

        waiting.Answer.TrySetResult(answer);
    }

    private sealed record Pending(Hash32 Coe, LogRequest Request, TaskCompletionSource<LogAnswer> Answer);
}
