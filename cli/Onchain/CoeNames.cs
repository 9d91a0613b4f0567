using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>A COE as it was registered.</summary>
internal sealed record RegisteredCoe(Hash32 Id, string Name, EvmAddress Host, EvmAddress Agent);

/// <summary>Finds COEs by name, id or a prefix of it; where several hosts use a name, the wallet's own is meant.</summary>
internal sealed class CoeNames(DwebChain chain)
{
    /// <exception cref="Core.Protocol.Errors.DwebException">None, or more than one, fits.</exception>
    public async Task<RegisteredCoe> ResolveAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(chain, cancellationToken);
        RegisteredCoe[] own = [.. all.Where(coe => coe.Host == self && coe.Name == text)];
        return own.Length == 1 ? own[0] : NameResolution.Resolve(text, "COE", all, static coe => coe.Id, static coe => coe.Name);
    }

    public static async Task<IReadOnlyList<RegisteredCoe>> ReadAsync(DwebChain chain, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CoeRegistry], [[CoeRegistry.Events.CoeRegistered.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs
            .Select(static log => CoeRegistry.Events.CoeRegistered.TryDecode(log, out var coe) ? new RegisteredCoe(coe.Coe, coe.Name, coe.Host, coe.Agent) : null)
            .OfType<RegisteredCoe>()];
    }
}
