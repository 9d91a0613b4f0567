namespace Dweb.Cli.Invocation;

/// <summary>
/// Words for a container may look like options of this program, as in <c>--cmd -h</c>: what follows these options is theirs, whatever it
/// looks like.
/// </summary>
internal static class ContainerWords
{
    private static readonly string[] Options = ["--cmd", "--entrypoint", "--env"];

    public static IReadOnlyList<string> Bind(IReadOnlyList<string> arguments)
    {
        var bound = new List<string>(arguments.Count);
        for (int i = 0; i < arguments.Count; i++)
        {
            bool takes = Options.Contains(arguments[i], StringComparer.Ordinal) && i + 1 < arguments.Count;
            bound.Add(takes ? $"{arguments[i]}={arguments[++i]}" : arguments[i]);
        }

        return bound;
    }
}
