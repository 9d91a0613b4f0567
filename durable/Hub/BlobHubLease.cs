using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Dweb.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Hub;

/// <summary>
/// A lease on a blob. With a lock file, whose owner is the only process of this machine and which remembers the lease's id,
/// the next process takes the lease over at once; without one it waits until the lease has run out.
/// </summary>
#pragma warning disable CA1001 // The token source and the semaphore outlive the lease: a renewal may still be under way, and neither holds a handle.
internal sealed partial class BlobHubLease(EmbeddedHubOptions options, BlobContainerClient container, TimeProvider time, ILogger logger) : IHubLease
#pragma warning restore CA1001
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _lost = new();
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private FileStream? _lockFile;
    private BlobLeaseClient? _lease;
    private ITimer? _renewal;
    private long _renewedAt;

    public CancellationToken Lost => _lost.Token;

    public async Task AcquireAsync(CancellationToken ct)
    {
        var patience = time.GetTimestamp();
        var id = await LockAsync(patience, ct);
        var blob = container.GetBlobClient("lease");
        try
        {
            await blob.UploadAsync(BinaryData.Empty, overwrite: false, ct);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            LogLeaseBlobExists(logger, options.HubName);
        }
        _lease = blob.GetBlobLeaseClient(id);
        while (true)
        {
            var asked = time.GetTimestamp();
            try
            {
                await _lease.AcquireAsync(options.LeaseDuration, cancellationToken: ct);
                _renewedAt = asked;
                break;
            }
            catch (RequestFailedException held) when (held.Status == 409)
            {
                await WaitOrGiveUpAsync(patience, held, ct);
            }
        }
        var every = options.LeaseDuration / 3;
        _renewal = time.CreateTimer(_ => _ = RenewInBackgroundAsync(), null, every, every);
    }

    public ValueTask EnsureFreshAsync(CancellationToken ct)
    {
        ThrowIfLost();
        return IsFresh ? ValueTask.CompletedTask : new ValueTask(RenewAsync(onlyIfStale: true, ct));
    }

    public Task ConfirmAsync(CancellationToken ct) => RenewAsync(onlyIfStale: false, ct);

    public async Task GiveBackAsync()
    {
        if (_renewal is not null)
        {
            await _renewal.DisposeAsync();
        }
        if (_lease is null || _lost.IsCancellationRequested)
        {
            return;
        }
        try
        {
            await _lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (RequestFailedException refused)
        {
            LogNotReleased(logger, refused, options.HubName);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_renewal is not null)
        {
            await _renewal.DisposeAsync();
        }
        if (_lockFile is not null)
        {
            await _lockFile.DisposeAsync();
        }
    }

    private bool IsFresh => time.GetElapsedTime(Interlocked.Read(ref _renewedAt)) < options.LeaseDuration * 2 / 3;

    private async Task<string> LockAsync(long patience, CancellationToken ct)
    {
        if (options.LockDirectory is null)
        {
            return Guid.NewGuid().ToString();
        }
        Directory.CreateDirectory(options.LockDirectory);
        var path = Path.Combine(options.LockDirectory, $"{options.HubName}.lock");
        while (_lockFile is null)
        {
            try
            {
                _lockFile = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held is not (DirectoryNotFoundException or PathTooLongException))
            {
                await WaitOrGiveUpAsync(patience, held, ct);
            }
        }
        using var reader = new StreamReader(_lockFile, leaveOpen: true);
        if (Guid.TryParse(await reader.ReadToEndAsync(ct), out var left))
        {
            return left.ToString();
        }
        var id = Guid.NewGuid().ToString();
        _lockFile.SetLength(0);
        await using var writer = new StreamWriter(_lockFile, leaveOpen: true);
        await writer.WriteAsync(id.AsMemory(), ct);
        return id;
    }

    private async Task WaitOrGiveUpAsync(long since, Exception held, CancellationToken ct)
    {
        if (time.GetElapsedTime(since) > options.LeaseDuration + TimeSpan.FromSeconds(5))
        {
            throw new HubLeaseException($"Hub '{options.HubName}' is held by another process; stop that process, or give this one another hub name.", held);
        }
        await Task.Delay(RetryEvery, time, ct);
    }

    private async Task RenewInBackgroundAsync()
    {
        try
        {
            await RenewAsync(onlyIfStale: false, _lost.Token);
        }
        catch (Exception away) when (StorageFault.IsOutage(away))
        {
            // Whoever has something to commit on a lease that grows stale will say so.
            LogNotReached(logger, away, options.HubName);
        }
        catch (Exception failed) when (failed is RequestFailedException or HubLeaseException or OperationCanceledException or AggregateException)
        {
            LogRenewalFailed(logger, failed, options.HubName);
        }
    }

    private async Task RenewAsync(bool onlyIfStale, CancellationToken ct)
    {
        await _renewing.WaitAsync(ct);
        try
        {
            ThrowIfLost();
            if (onlyIfStale && IsFresh)
            {
                return;
            }
            var asked = time.GetTimestamp();
            await _lease!.RenewAsync(cancellationToken: ct);
            Interlocked.Exchange(ref _renewedAt, asked);
        }
        catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
        {
            LogLost(logger, refused, options.HubName);
            await _lost.CancelAsync();
            ThrowIfLost();
        }
        finally
        {
            _renewing.Release();
        }
    }

    private void ThrowIfLost()
    {
        if (_lost.IsCancellationRequested)
        {
            throw new HubLeaseException($"The lease on hub '{options.HubName}' is lost: this process must end.");
        }
    }
}
