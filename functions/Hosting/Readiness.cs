using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Hosting;

/// <summary>
/// Whether the program has read the chain. Under a Functions host it must answer before: the host calls no function until it does, and what the chain
/// tells goes to orchestrations whose key only such a call brings. Alone, the task hub is taken before anything is read, for its lease keeps other processes
/// off the tables; activities that were left from before wait until there is something to look at.
/// </summary>
internal sealed class Readiness
{
    // Less than what stands between usually waits for an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set() => ready.TrySetResult();

    /// <summary>However long that takes.</summary>
    public Task ReachedAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);

    /// <exception cref="DwebException">It is still starting.</exception>
    public async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ready.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException starting)
        {
            throw new DwebException(Catalogue.Starting, "The control plane is reading the chain.", inner: starting);
        }
    }
}
