using System.CommandLine;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Commands;

/// <summary>The filters of verbs that are about several orchestrations.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> name = new("--name") { Description = "Only orchestrations of this name.", HelpName = "NAME" };
    private readonly Option<string?> status = new("--status") { Description = "Only these statuses, separated by commas.", HelpName = "STATUS" };
    private readonly Option<string?> prefix = new("--prefix") { Description = "Only instances whose id starts with this.", HelpName = "TEXT" };

    private readonly Option<TimeSpan?> olderThan = DurationText.Option("--older-than", "Only those that last changed this long ago, as 30m, 12h or 7d.");

    public IReadOnlyList<Symbol> All => [name, status, prefix, olderThan];

    public OrchestrationSelection Read(Run run) => new(
        run.Get(name), run.Get(status), run.Get(prefix), run.Get(olderThan) is { } age ? (run.Time.GetUtcNow() - age).ToUnixTimeMilliseconds() : null);
}
