using Dweb.Cli.Hosting;

namespace Dweb.Cli.Commands;

/// <summary>What verbs about this machine's COE print alike.</summary>
internal static class HostTables
{
    public static void Steps(IReadOnlyList<HostStep> steps, Action<IReadOnlyList<string>, IEnumerable<IReadOnlyList<string>>> table) =>
        table(["STEP", "STATE", "WHAT"], steps.Select(static step => (string[])[step.Step, step.State, step.Detail]));
}
