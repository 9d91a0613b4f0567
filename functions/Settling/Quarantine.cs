using Dweb.Core.Protocol;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Settling;

/// <summary>
/// Keeps COEs apart whose usage the chain refuses, so that they hold up nobody else. One is tried again, alone, when it has reported something else or
/// a pause is over. What was refused often enough is left out of account, so that its leases can be closed; a later report is tried again all the same.
/// </summary>
internal sealed partial class Quarantine(QuarantineStore store, UsageBook book, Market market, ControlPlaneSettings settings, TimeProvider time, ILogger<Quarantine> logger)
{
    private const int MostTries = 8;

    public async Task<IReadOnlyDictionary<Hash32, QuarantineRow>> ListAsync(CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).ToDictionary(static row => row.Coe);

    /// <summary>Nothing has changed since it was refused, and the pause is not over.</summary>
    public bool Holds(QuarantineRow row, UsageGroup group) =>
        time.GetUtcNow().ToUnixTimeMilliseconds() < row.UntilMs && group.Batches.Select(static b => b.Key).SequenceEqual(row.Batches);

    /// <returns>False when it was done before in the same epoch, which changes nothing.</returns>
    public async Task<bool> PutAsync(QuarantinedUsage bad, CancellationToken cancellationToken)
    {
        var (epoch, coe, reason) = bad;
        var known = await store.FindAsync(coe, cancellationToken);
        if (known?.Epoch == epoch)
        {
            return false;
        }

        var refused = book.UnsettledOf(coe);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new QuarantineRow(
            coe, reason, (known?.Tries ?? 0) + 1, epoch, known?.SinceMs ?? now, now + (long)settings.Settlement.QuarantinePause.TotalMilliseconds,
            [.. refused.Select(static b => b.Key)]);
        if (row.Tries >= MostTries)
        {
            foreach (var batch in refused)
            {
                await book.DropAsync(batch, cancellationToken);
            }
        }

        await store.PutAsync(row, cancellationToken);
        LogQuarantined(logger, market.NameOfCoe(coe), row.Tries, reason);
        return true;
    }

    /// <summary>Its usage was settled.</summary>
    public async Task ReleaseAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(coe, cancellationToken);
        LogReleased(logger, market.NameOfCoe(coe));
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "The usage of COE {Coe} is in quarantine, refused {Tries} times: {Reason}")]
    private static partial void LogQuarantined(ILogger logger, string coe, int tries, string reason);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Information, Message = "The usage of COE {Coe} was settled; it is out of quarantine.")]
    private static partial void LogReleased(ILogger logger, string coe);
}
