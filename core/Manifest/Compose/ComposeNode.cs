using System.Globalization;
using Dweb.Core.Protocol.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dweb.Core.Manifest.Compose;

/// <summary>A node of the file with its place, and the readings that refuse what it is not.</summary>
/// <param name="Path">For people, as <c>services.web.ports</c>.</param>
internal sealed record ComposeNode(string File, string Path, YamlNode Yaml)
{
    public bool IsNull => Yaml is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    public bool IsList => Yaml is YamlSequenceNode;

    public bool IsMap => Yaml is YamlMappingNode;

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{File}:{Yaml.Start.Line}");

    public ComposeMap AsMap() => Yaml is YamlMappingNode mapping ? new ComposeMap(this, mapping) : throw Malformed("must be a map");

    public IReadOnlyList<ComposeNode> AsList() => Yaml is YamlSequenceNode sequence
        ? [.. sequence.Children.Select(child => new ComposeNode(File, Path, child))]
        : throw Malformed("must be a list");

    public IReadOnlyList<string> AsTexts() => [.. AsList().Select(static item => item.AsText())];

    /// <summary>The scalar's text. Compose would put variables of the deploying machine into it; here only <c>$$</c>, a dollar sign, is allowed.</summary>
    public string AsText()
    {
        if (Yaml is not YamlScalarNode { Value: { } value } || IsNull)
        {
            throw Malformed("must be a text or a number");
        }

        string unescaped = value.Replace("$$", "\0", StringComparison.Ordinal);
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw Malformed("has a zero character");
        }

        return unescaped.Contains('$', StringComparison.Ordinal)
            ? throw Unsupported("uses a variable; values come from the file alone, and a dollar sign is written $$")
            : unescaped.Replace('\0', '$');
    }

    public bool AsBool() => AsText() switch
    {
        "true" => true,
        "false" => false,
        var other => throw Malformed($"must be true or false, not '{other}'"),
    };

    public long AsInteger(long least, long most) =>
        long.TryParse(AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw Malformed($"must be a whole number from {least} to {most}");

    /// <summary>Whole seconds of a duration such as <c>1h30m</c>.</summary>
    public long AsSeconds(long least, long most) =>
        !DurationText.TryParse(AsText(), out long seconds) ? throw Malformed("must be a duration in whole seconds, as 1h30m or 45s")
        : seconds < least || seconds > most ? throw Malformed($"must be {least} to {most} seconds")
        : seconds;

    public DwebException Malformed(string problem) => new(Catalogue.ComposeMalformed, $"{Place}: {Path} {problem}.", Place);

    public DwebException Unsupported(string problem) => new(Catalogue.ComposeUnsupported, $"{Place}: {Path} {problem}.", Place);
}
