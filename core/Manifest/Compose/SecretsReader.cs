using Dweb.Core.Manifest.Secrets;

namespace Dweb.Core.Manifest.Compose;

/// <summary><c>secrets</c> of a service and at the top of the file. Contents are read by whoever deploys, never here.</summary>
internal static class SecretsReader
{
    /// <exception cref="Protocol.Errors.DwebException">Something is not right, with its line.</exception>
    public static IReadOnlyList<SecretUse> ReadUses(ComposeNode? node, Mounts mounts)
    {
        var uses = new List<SecretUse>();
        foreach (var item in node?.AsList() ?? [])
        {
            uses.Add(item.IsMap ? ReadLong(item.AsMap()) : Named(item.AsText(), null));
            if (SecretRules.FindInFiles([.. uses.Select(static use => use.File).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]) is { } fault)
            {
                throw item.Malformed($"is not right: {fault}");
            }

            if (uses.DistinctBy(static use => use.File, StringComparer.Ordinal).Count() < uses.Count)
            {
                throw item.Malformed($"puts a second secret into the file '{uses[^1].File}'");
            }
        }

        return node is not null && uses.Count > 0 && SecretRules.FindMount(mounts.Volumes.Select(static volume => volume.Path).Concat(mounts.Temporary)) is { } over
            ? throw node.Malformed($"is not right: {over}")
            : uses;
    }

    /// <exception cref="Protocol.Errors.DwebException">A service uses one that is not declared, or something is not right, with its line.</exception>
    public static IReadOnlyDictionary<string, SecretSource> ReadSources(ComposeNode? node, ComposeMap services, IReadOnlyList<ServicePlan> plans)
    {
        var sources = new Dictionary<string, SecretSource>(StringComparer.Ordinal);
        foreach (var (key, value) in node?.AsMap().Entries ?? [])
        {
            string name = ComposeMap.NameOf(key);
            sources[name] = SecretName.IsAllowed(name) ? SourceOf(value)
                : throw key.Malformed($"must be letters, digits, dots, dashes and underscores, at most {SecretName.MostLength}");
        }

        foreach (var (service, use) in plans.SelectMany(static plan => plan.Secrets.Select(use => (plan.Name, use))))
        {
            if (!sources.ContainsKey(use.Source))
            {
                throw services.Require(service).Malformed($"uses a secret '{use.Source}' that the file does not declare; write 'secrets: {{ {use.Source}: {{ file: FILE }} }}' at the top");
            }
        }

        return sources;
    }

    private static SecretUse ReadLong(ComposeMap map)
    {
        map.Allow("source", "target");
        return Named(map.Require("source").AsText(), map.Find("target")?.AsText());
    }

    private static SecretUse Named(string source, string? target) => new(source, target ?? source);

    private static SecretSource SourceOf(ComposeNode value)
    {
        if (value.IsNull)
        {
            return new SecretSource(null, null);
        }

        var map = value.AsMap();
        map.Allow("file", "environment");
        var source = new SecretSource(map.Find("file")?.AsText(), map.Find("environment")?.AsText());
        return source is { File: not null, Variable: not null } ? throw value.Malformed("has both 'file' and 'environment'; write one of them") : source;
    }
}
