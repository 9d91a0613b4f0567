using Dweb.Agent.Isolation;

namespace Dweb.Agent.Tests.Several;

/// <summary>For containers that are no processes: there is nothing to keep from anybody.</summary>
internal sealed class Unguarded : IFirewall, IBandwidthLimit
{
    public Task<bool> EnsureAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> ApplyAsync(int pid, ulong bandwidth, CancellationToken cancellationToken) => Task.FromResult(true);
}
