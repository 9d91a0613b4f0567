using Dweb.Durable.Hub;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A lease that is held until the test says otherwise.</summary>
internal sealed class GivenLease : IHubLease
{
    private readonly CancellationTokenSource _lost = new();

    public bool IsLost { get; set; }

    public int Confirmations { get; private set; }

    public CancellationToken Lost => _lost.Token;

    public Task AcquireAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask EnsureFreshAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public Task ConfirmAsync(CancellationToken ct)
    {
        Confirmations++;
        if (IsLost)
        {
            _lost.Cancel();
            throw new HubLeaseException("The test took the lease away.");
        }
        return Task.CompletedTask;
    }

    public Task GiveBackAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _lost.Dispose();
        return ValueTask.CompletedTask;
    }
}
