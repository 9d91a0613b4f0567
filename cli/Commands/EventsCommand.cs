using System.CommandLine;
using System.Text.Json;
using Dweb.Cli.Deploying;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Story;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary><c>events</c>: the story of a deployment, from the chain's events and what the control plane wrote down.</summary>
internal static class EventsCommand
{
    // What a block's time may lie behind the clock.
    private const long MostLagMs = 5_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static Command Create(Verbs verbs)
    {
        var name = OrderCommands.OrderArgument();
        var since = DurationText.Option("--since", "Only what happened so long ago at most, as 10m, 12h or 7d.");
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the order is over; with --json a document a line." };
        return verbs.Verb("events", "Tells what happened to a deployment, and when.", "dweb events shop --since 10m --wallet alice", [name, since, follow], async (run, cancellationToken) =>
        {
            long from = run.Get(since) is { } age ? (run.Time.GetUtcNow() - age).ToUnixTimeMilliseconds() : 0;
            var own = OrderCommands.Own(run);
            var order = await own.ResolveAsync(run.Get(name), cancellationToken);
            await run.Chain.RequireAsync(cancellationToken);
            var teller = new Teller(run, own, order);
            IReadOnlyList<StoryLine> story = [.. (await teller.NewsAsync(cancellationToken)).Where(line => line.AtMs >= from)];
            if (!run.Get(follow))
            {
                run.Printer.Show(story, CliJson.Default.IReadOnlyListStoryLine, Print);
                return;
            }

            try
            {
                for (; ; story = await teller.NewsAsync(cancellationToken))
                {
                    Stream(run.Printer, story);
                    if (OwnOrders.IsOver(teller.Order.Status))
                    {
                        return;
                    }

                    await Task.Delay(Pause, run.Time, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Whoever follows ends it by hand.
            }
        });
    }

    internal static void Print(IReadOnlyList<StoryLine> story)
    {
        foreach (var line in StoryDigest.Fold(story))
        {
            Printer.Line(Sentence(line));
        }
    }

    internal static string Sentence(StoryLine line) => $"{SentenceValues.TimeOfMs(line.AtMs)}  {(line.Replica is null ? "" : line.Replica + " ")}{line.Text}";

    private static void Stream(Printer printer, IReadOnlyList<StoryLine> story)
    {
        if (!printer.IsJson)
        {
            Print(story);
            return;
        }

        foreach (var line in story)
        {
            Printer.Line(JsonSerializer.Serialize(line, CliJson.Default.StoryLine));
        }
    }

    /// <summary>Both sources together, each thing once.</summary>
    private sealed class Teller
    {
        private readonly OwnOrders own;
        private readonly ChainStoryReader chain;
        private readonly HashSet<StoryLine> told = [];

        public Teller(Run run, OwnOrders own, OrderView order)
        {
            this.own = own;
            Order = order;
            chain = new ChainStoryReader(run.Chain, order.OrderHash, new ChainStory(
                ServiceOf, coe => Order.Leases.FirstOrDefault(lease => lease.Coe == coe)?.CoeName ?? coe.ToString()[..14]));
        }

        public OrderView Order { get; private set; }

        public async Task<IReadOnlyList<StoryLine>> NewsAsync(CancellationToken cancellationToken)
        {
            Order = await own.GetAsync(Order.OrderHash, cancellationToken);
            var onchain = await chain.ReadAsync(cancellationToken);
            return [.. ControlPlaneStory.Tell(Order, ServiceOf).Where(told.Add).Concat(onchain.Select(InTurn)).OrderBy(static line => line.AtMs)];
        }

        /// <summary>A block's time may lie before what led to it: what the control plane sent itself did not happen before it sent it.</summary>
        private StoryLine InTurn(StoryLine line) =>
            LedTo(line) is { } sent ? line with { AtMs = Math.Max(line.AtMs, sent.AtMs) } : line;

        private TimelineEntry? LedTo(StoryLine line) => line.Kind == "decided"
            ? Order.Timeline.LastOrDefault(entry => entry.Step == "judged" && entry.AtMs <= line.AtMs + MostLagMs)
            : Order.Timeline.FirstOrDefault(entry => entry.Step is "opened" or "reopened" && entry.Detail == line.Transaction?.ToString());

        private string ServiceOf(ushort service) => Order.Leases.FirstOrDefault(lease => lease.Service == service)?.ServiceName ?? $"service-{service}";
    }
}
