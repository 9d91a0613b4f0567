using Dweb.Core.Protocol.Errors;
using YamlDotNet.RepresentationModel;

namespace Dweb.Core.Manifest.Compose;

/// <summary>A map of the file. Whoever reads one says first which keys there may be, so that none is ignored.</summary>
internal sealed class ComposeMap
{
    private readonly ComposeNode node;
    private readonly List<(ComposeNode Key, ComposeNode Value)> entries;

    public ComposeMap(ComposeNode node, YamlMappingNode mapping)
    {
        this.node = node;
        entries = [.. mapping.Children.Select(pair => Entry(pair.Key, pair.Value))];
    }

    public IEnumerable<(ComposeNode Key, ComposeNode Value)> Entries => entries;

    public void Allow(params IReadOnlyList<string> keys)
    {
        foreach (var (key, _) in entries)
        {
            string name = NameOf(key);
            if (!keys.Contains(name, StringComparer.Ordinal))
            {
                throw key.Unsupported(Refusals.ReasonFor(name) is { } reason ? $"is not supported: {reason}" : "is not supported");
            }
        }
    }

    /// <summary>The value of a key; a key without a value is as absent as one that is not there.</summary>
    public ComposeNode? Find(string key) => entries.Where(entry => NameOf(entry.Key) == key && !entry.Value.IsNull).Select(static entry => entry.Value).FirstOrDefault();

    public ComposeNode Require(string key) => Find(key) ?? throw Malformed($"needs '{key}'");

    public DwebException Malformed(string problem) => node.Malformed(problem);

    public static string NameOf(ComposeNode key) => ((YamlScalarNode)key.Yaml).Value ?? "";

    private (ComposeNode Key, ComposeNode Value) Entry(YamlNode key, YamlNode value)
    {
        if (key is not YamlScalarNode { Value: { } name })
        {
            throw new ComposeNode(node.File, node.Path, key).Malformed("has a key that is no text");
        }

        string path = node.Path == ComposeDocument.Root ? name : $"{node.Path}.{name}";
        return (new ComposeNode(node.File, path, key), new ComposeNode(node.File, path, value));
    }
}
