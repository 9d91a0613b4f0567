using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>Finds DAOs by name, id, a prefix of the id, or the address of any of their contracts; where several creators use a name, the wallet's own is meant.</summary>
internal sealed class DaoNames(DwebChain chain)
{
    /// <exception cref="Core.Protocol.Errors.DwebException">None, or more than one, fits.</exception>
    public async Task<DaoFactory.Events.DaoCreated> ResolveAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(cancellationToken);
        if (EvmAddress.TryParse(text, out var address)
            && all.FirstOrDefault(dao => address == dao.Timelock || address == dao.Treasury || address == dao.Governor || address == dao.Shares) is { } holder)
        {
            return holder;
        }

        DaoFactory.Events.DaoCreated[] own = [.. all.Where(dao => dao.Creator == self && dao.Articles.Name == text)];
        return own.Length == 1 ? own[0] : NameResolution.Resolve(text, "DAO", all, static dao => dao.Id, static dao => dao.Articles.Name);
    }

    public async Task<IReadOnlyList<DaoFactory.Events.DaoCreated>> ReadAsync(CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.DaoFactory], [[DaoFactory.Events.DaoCreated.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs.Select(static log => DaoFactory.Events.DaoCreated.TryDecode(log, out var created) ? created : null).OfType<DaoFactory.Events.DaoCreated>()];
    }
}
