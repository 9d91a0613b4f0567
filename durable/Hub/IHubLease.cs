namespace Dweb.Durable.Hub;

/// <summary>The right to run a hub's instances. Disposing lets go of it as a crash would: the storage still counts it as held.</summary>
internal interface IHubLease : IAsyncDisposable
{
    /// <summary>Cancelled when another owner may have taken the hub.</summary>
    CancellationToken Lost { get; }

    /// <summary>Waits until the lease is ours, then keeps it renewed.</summary>
    /// <exception cref="HubLeaseException">Somebody else kept it.</exception>
    Task AcquireAsync(CancellationToken ct);

    /// <summary>Returns when the lease is known to hold for a third of its length at least.</summary>
    /// <exception cref="HubLeaseException">It is lost.</exception>
    ValueTask EnsureFreshAsync(CancellationToken ct);

    /// <summary>Asks the storage now, whatever the clock says.</summary>
    /// <exception cref="HubLeaseException">It is lost.</exception>
    Task ConfirmAsync(CancellationToken ct);

    /// <summary>Gives the lease back, so that the next owner need not wait.</summary>
    Task GiveBackAsync();
}

/// <summary>The hub's lease could not be had, or is lost.</summary>
public sealed class HubLeaseException(string message, Exception? cause = null) : Exception(message, cause);
