using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Onchain;

/// <summary>A release as people name it: <c>NAME@VERSION</c>, or <c>OWNER/NAME@VERSION</c> with the owner's address, and its weight.</summary>
internal sealed record ComponentName(EvmAddress? Owner, string Repository, string Version, ushort Weight)
{
    /// <summary>Reads <c>NAME@VERSION=WEIGHT</c>.</summary>
    public static bool TryParse(string text, out ComponentName value)
    {
        value = null!;
        int equals = text.LastIndexOf('=');
        int at = equals < 0 ? -1 : text.LastIndexOf('@', equals);
        if (at <= 0 || at + 1 == equals || !ushort.TryParse(text.AsSpan(equals + 1), System.Globalization.NumberStyles.None, null, out ushort weight) || weight == 0)
        {
            return false;
        }

        var (owner, name) = RepositoryName(text[..at]);
        value = new ComponentName(owner, name, text[(at + 1)..equals], weight);
        return name.Length > 0;
    }

    /// <summary>Takes the owner's address off a name that begins with one.</summary>
    public static (EvmAddress? Owner, string Name) RepositoryName(string text) =>
        text.Length > 43 && text[42] == '/' && EvmAddress.TryParse(text[..42], out var owner) ? (owner, text[43..]) : (null, text);
}

/// <param name="Name"><c>NAME@VERSION</c>, or the id where that is all that is known.</param>
internal sealed record NamedRelease(Hash32 Id, string Name);

/// <summary>
/// Finds releases by name on the chain itself, not through the control plane: what a component's name stands for decides who is paid.
/// </summary>
internal sealed class CodeNames(DwebChain chain)
{
    private IReadOnlyList<CodeRegistry.Events.RepositoryCreated>? repositories;

    /// <summary>The edges of a release or an image.</summary>
    /// <param name="self">Whose repository is meant where several owners use the name.</param>
    /// <exception cref="DwebException">A name is unknown or ambiguous, or a version is not released.</exception>
    public async Task<IReadOnlyList<Core.Protocol.Messages.Edge>> ResolveAsync(
        IReadOnlyList<ComponentName> names, EvmAddress self, CancellationToken cancellationToken)
    {
        var edges = new List<Core.Protocol.Messages.Edge>();
        foreach (var name in names)
        {
            var release = await ReleaseAsync(name, self, cancellationToken);
            edges.Add(new Core.Protocol.Messages.Edge(release, name.Weight));
        }

        return edges;
    }

    /// <summary>A repository as people name it: <c>NAME</c> or <c>OWNER/NAME</c>.</summary>
    /// <exception cref="DwebException">The name is unknown or ambiguous.</exception>
    public Task<CodeRegistry.Events.RepositoryCreated> RepositoryAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        var (owner, name) = ComponentName.RepositoryName(text);
        return RepositoryAsync(owner, name, self, cancellationToken);
    }

    /// <summary>A release as people name it: <c>NAME@VERSION</c>, <c>OWNER/NAME@VERSION</c>, or its id.</summary>
    /// <exception cref="DwebException">The name is unknown or ambiguous, or the version is not released.</exception>
    public async Task<NamedRelease> ReleaseAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        if (Hash32.TryParse(text, out var id))
        {
            await chain.RequireAsync(cancellationToken);
            return await chain.Code.ReleaseExistsAsync(id, cancellationToken: cancellationToken)
                ? new NamedRelease(id, text)
                : throw new DwebException(Catalogue.NotFound, $"There is no release {id} on this chain.");
        }

        return ComponentName.TryParse(text + "=1", out var name)
            ? new NamedRelease(await ReleaseAsync(name, self, cancellationToken), text)
            : throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no release: write NAME@VERSION, OWNER/NAME@VERSION or its id.");
    }

    public async Task<CodeRegistry.Events.RepositoryCreated> RepositoryAsync(EvmAddress? owner, string name, EvmAddress? self, CancellationToken cancellationToken)
    {
        repositories ??= await ReadAsync(cancellationToken);
        CodeRegistry.Events.RepositoryCreated[] named = [.. repositories.Where(known => known.Name == name && (owner is null || known.Owner == owner))];
        CodeRegistry.Events.RepositoryCreated[] own = [.. named.Where(known => known.Owner == self)];
        return (own.Length > 0 ? own : named) switch
        {
            [] => throw new DwebException(Catalogue.NotFound, $"There is no repository '{name}'{(owner is null ? "" : $" of {owner}")} on this chain."),
            [var one] => one,
            var several => throw new DwebException(
                Catalogue.Ambiguous, $"{several.Length} owners have a repository '{name}': write {string.Join(" or ", several.Take(3).Select(r => $"{r.Owner}/{r.Name}"))}."),
        };
    }

    private async Task<Hash32> ReleaseAsync(ComponentName name, EvmAddress? self, CancellationToken cancellationToken)
    {
        var repository = await RepositoryAsync(name.Owner, name.Repository, self, cancellationToken);
        var release = Ids.Release(chain.DomainOf(chain.Addresses.CodeRegistry), ChainEvents.Topic(repository.Repository), name.Version);
        return await chain.Code.ReleaseExistsAsync(release, cancellationToken: cancellationToken)
            ? release
            : throw new DwebException(Catalogue.NotFound, $"Repository '{name.Repository}' of {repository.Owner} has no release '{name.Version}'.");
    }

    private async Task<IReadOnlyList<CodeRegistry.Events.RepositoryCreated>> ReadAsync(CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CodeRegistry], [[CodeRegistry.Events.RepositoryCreated.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs.Select(static log => CodeRegistry.Events.RepositoryCreated.TryDecode(log, out var created) ? created : null).OfType<CodeRegistry.Events.RepositoryCreated>()];
    }
}
