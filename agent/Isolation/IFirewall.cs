using Dweb.Agent.Machine;

namespace Dweb.Agent.Isolation;

/// <summary>Keeps containers from each other and from their host.</summary>
internal interface IFirewall
{
    /// <summary>Puts the rules in force, in place of what was there; does nothing when they are.</summary>
    /// <returns>Whether they had to be.</returns>
    /// <exception cref="HostToolException">They are not in force.</exception>
    Task<bool> EnsureAsync(CancellationToken cancellationToken);
}
