using Dweb.Agent.Machine;

namespace Dweb.Agent.Isolation;

/// <summary>Holds a container to the bandwidth that was reserved for it.</summary>
internal interface IBandwidthLimit
{
    /// <param name="pid">Of the container's first process. Each run of a container has a network of its own, which begins without a limit.</param>
    /// <param name="bandwidth">Mbit/s, in each direction.</param>
    /// <returns>False when the process has ended.</returns>
    /// <exception cref="HostToolException">The limit is not in force.</exception>
    Task<bool> ApplyAsync(int pid, ulong bandwidth, CancellationToken cancellationToken);
}
