using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>
/// Finds host images by <c>CHANNEL@VERSION</c>, id or a prefix of it; where several signers use a name, the wallet's own is meant.
/// </summary>
internal sealed class OsImageNames(DwebChain chain)
{
    /// <exception cref="Core.Protocol.Errors.DwebException">None, or more than one, fits.</exception>
    public async Task<CoeOsRegistry.Events.OsImagePublished> ResolveAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        var all = await ReadAsync(cancellationToken);
        CoeOsRegistry.Events.OsImagePublished[] own = [.. all.Where(image => image.Signer == self && NameOf(image.Channel, image.Version) == text)];
        return own.Length == 1
            ? own[0]
            : NameResolution.Resolve(text, "host image", all, static image => image.OsImage, static image => NameOf(image.Channel, image.Version));
    }

    public async Task<IReadOnlyList<CoeOsRegistry.Events.OsImagePublished>> ReadAsync(CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CoeOsRegistry], [[CoeOsRegistry.Events.OsImagePublished.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs
            .Select(static log => CoeOsRegistry.Events.OsImagePublished.TryDecode(log, out var published) ? published : null)
            .OfType<CoeOsRegistry.Events.OsImagePublished>()];
    }

    public static string NameOf(string channel, string version) => $"{channel}@{version}";
}
