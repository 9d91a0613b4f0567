using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dweb.Cli.Deploying;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary><c>logs</c>: what a container wrote, and goes on writing.</summary>
internal static class LogsCommand
{
    /// <summary>The most that an agent gives at once.</summary>
    private const int MostLines = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(Verbs verbs)
    {
        var lease = OrderCommands.LeaseArgument();
        var order = new Option<string?>("--order") { Description = "Order that the service belongs to.", HelpName = "NAME" };
        var tail = new Option<int>("--tail") { Description = $"Lines from the end, at most {MostLines}.", HelpName = "N", DefaultValueFactory = static _ => 100 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what it writes; with --json a page a line." };
        return verbs.Verb("logs", "Shows the last lines that a container wrote.", "dweb logs web-0 --tail 20 -f --wallet alice", [lease, order, tail, follow], async (run, cancellationToken) =>
        {
            var own = OrderCommands.Own(run);
            var found = await own.ResolveLeaseAsync(run.Get(lease), run.Get(order), cancellationToken);
            var page = await PageAsync(own, found, run.Get(tail), null, cancellationToken);
            Show(run.Printer, page);
            if (!run.Get(follow))
            {
                return;
            }

            try
            {
                await FollowAsync(run, own, found, page, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Whoever follows ends it by hand.
            }
        });
    }

    private static async Task FollowAsync(Run run, OwnOrders own, LeaseView lease, LogPage page, CancellationToken cancellationToken)
    {
        string? mark = page.Mark;
        if (mark is null && page.Lines.Count > 0)
        {
            throw new DwebException(Catalogue.InvalidValue, $"The runtime of COE {lease.CoeName} does not tell when a line was written, so that there is nothing to follow by.", "--follow");
        }

        while (true)
        {
            await Task.Delay(Pause, run.Time, cancellationToken);
            var news = await PageAsync(own, lease, MostLines, mark, cancellationToken);
            if (news is { Truncated: true } && mark is not null)
            {
                run.Printer.Progress("… lines were written faster than they can be shown; some are left out");
            }

            if (news.Lines.Count > 0)
            {
                Show(run.Printer, news);
            }

            mark = news.Mark ?? mark;
        }
    }

    private static Task<LogPage> PageAsync(OwnOrders own, LeaseView lease, int tail, string? after, CancellationToken cancellationToken) => own.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"/api/leases/{lease.LeaseId}/logs?tail={tail}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}"),
        DwebJson.Default.LogPage, cancellationToken);

    private static void Show(Printer printer, LogPage page)
    {
        if (printer.IsJson)
        {
            Printer.Line(JsonSerializer.Serialize(page, DwebJson.Default.LogPage));
            return;
        }

        foreach (string line in page.Lines)
        {
            Printer.Line(line);
        }
    }
}
