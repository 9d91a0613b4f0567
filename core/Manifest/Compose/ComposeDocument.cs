using Dweb.Core.Protocol.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Dweb.Core.Manifest.Compose;

/// <summary>Text to nodes, with bounds on what a hostile file can make of it.</summary>
internal static class ComposeDocument
{
    /// <summary>What errors call the outermost node.</summary>
    public const string Root = "the file";

    private const int MaxLength = 256 * 1024;
    private const int MaxDepth = 16;

    /// <exception cref="DwebException">compose-malformed with the line.</exception>
    public static ComposeNode Load(string text, string fileName)
    {
        if (text.Length > MaxLength)
        {
            throw Malformed(fileName, 1, $"it has {text.Length} characters; {MaxLength} are taken");
        }

        try
        {
            Read(text, fileName, parser => CheckEvents(parser, fileName));
            var stream = new YamlStream();
            Read(text, fileName, stream.Load);
            return stream.Documents switch
            {
                [var document] => new ComposeNode(fileName, Root, document.RootNode),
                [] => throw Malformed(fileName, 1, "it is empty"),
                [_, var second, ..] => throw Malformed(fileName, second.RootNode.Start.Line, "it has more than one document"),
            };
        }
        catch (YamlException broken)
        {
            long line = TabIndented(text, broken.Start.Line) ?? broken.Start.Line;
            string place = $"{fileName}:{line}";
            throw new DwebException(Catalogue.ComposeMalformed, $"{place}: {broken.Message.TrimEnd('.')}.", place, broken);
        }
    }

    // The representation model recurses, so depth is bounded before it is built; tags would change what a value means; and of an alias to
    // nothing the model does not tell the line.
    private static void CheckEvents(Parser parser, string fileName)
    {
        var anchors = new HashSet<AnchorName>();
        int depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            depth += current.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw Malformed(fileName, current.Start.Line, $"it is nested more than {MaxDepth} deep");
            }

            if (current is AnchorAlias alias && !anchors.Contains(alias.Value))
            {
                throw Malformed(fileName, current.Start.Line, $"there is no anchor '{alias.Value}' above");
            }

            if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            {
                anchors.Add(anchored.Anchor);
            }

            if (current is NodeEvent { Tag.IsEmpty: false } tagged && !(tagged is Scalar { Tag.IsNonSpecific: true }))
            {
                throw new DwebException(
                    Catalogue.ComposeUnsupported, $"{fileName}:{current.Start.Line}: the tag '{tagged.Tag}' is not supported.", $"{fileName}:{current.Start.Line}");
            }
        }
    }

    // Of some texts the reader says neither what is wrong nor where; whatever it is comes after what was read.
    private static void Read(string text, string fileName, Action<Parser> read)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            read(parser);
        }
        catch (Exception mute) when (mute is InvalidOperationException or ArgumentException)
        {
            long last = text.Count(static c => c == '\n') + 1;
            throw Malformed(fileName, Math.Min(parser.Current?.End.Line ?? 1, last), "what follows cannot be read; is a key missing, or a bracket, brace or quote left open?");
        }
    }

    // The parser blames the line before a tab.
    private static long? TabIndented(string text, long blamed) =>
        text.Split('\n').ElementAtOrDefault((int)blamed)?.StartsWith('\t') == true ? blamed + 1 : null;

    private static DwebException Malformed(string fileName, long line, string problem) =>
        new(Catalogue.ComposeMalformed, $"{fileName}:{line}: {problem}.", $"{fileName}:{line}");
}
