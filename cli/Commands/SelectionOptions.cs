using System.CommandLine;
using System.Globalization;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Commands;

/// <summary>The filters of verbs that are about several orchestrations.</summary>
internal sealed class SelectionOptions
{
    private const long Longest = 36_500L * 86_400;
    private readonly Option<string?> name = new("--name") { Description = "Only orchestrations of this name.", HelpName = "NAME" };
    private readonly Option<string?> status = new("--status") { Description = "Only these statuses, separated by commas.", HelpName = "STATUS" };
    private readonly Option<string?> prefix = new("--prefix") { Description = "Only instances whose id starts with this.", HelpName = "TEXT" };

    private readonly Option<TimeSpan?> olderThan = new("--older-than")
    {
        Description = "Only those that last changed this long ago, as 30m, 12h or 7d.",
        HelpName = "TIME",
        CustomParser = static result => ValueParsers.One<TimeSpan>(TryParse, "a time as 90s, 30m, 12h or 7d, at most 36500d")(result),
    };

    public IReadOnlyList<Symbol> All => [name, status, prefix, olderThan];

    public OrchestrationSelection Read(Run run) => new(
        run.Get(name), run.Get(status), run.Get(prefix), run.Get(olderThan) is { } age ? (run.Time.GetUtcNow() - age).ToUnixTimeMilliseconds() : null);

    private static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        long seconds = text is [.., var unit] ? unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 } : 0;
        if (seconds == 0 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count * seconds > Longest)
        {
            return false;
        }

        value = TimeSpan.FromSeconds(count * seconds);
        return true;
    }
}
