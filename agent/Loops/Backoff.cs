namespace Dweb.Agent.Loops;

/// <summary>Waits longer after each failure in a row, and a random part of it, so that a fleet does not return all at once.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan most, TimeProvider time)
{
    private int failures;

    public void Reset() => failures = 0;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        failures = Math.Min(failures + 1, 16);
        var full = first * Math.Pow(2, failures - 1);
        var bounded = full < most ? full : most;
        return Task.Delay(bounded * (0.5 + (Random.Shared.NextDouble() / 2)), time, cancellationToken);
    }
}
