using System.CommandLine;
using System.Text.Json;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary><c>orchestrations</c>: what a control plane is doing, for its operator.</summary>
internal static class OrchestrationCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "orchestrations", "Looks into and steers the work of a control plane; for its operator's wallet.",
        List(verbs),
        Show(verbs),
        History(verbs),
        Raise(verbs),
        Change(verbs, "terminate", "Ends an orchestration and its open sub-orchestrations."),
        Change(verbs, "suspend", "Stops an orchestration's progress; what arrives is kept."),
        Change(verbs, "resume", "Lets a suspended orchestration go on."),
        Change(verbs, "rewind", "Takes a failed orchestration back to before its failure and lets it go on."),
        Purge(verbs));

    private static Command List(Verbs verbs)
    {
        var filter = new SelectionOptions();
        var limit = new Option<int>("--limit") { Description = "Most that are shown.", HelpName = "N", DefaultValueFactory = static _ => 100 };
        limit.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit must be 1 or more.");
            }
        });
        return verbs.Verb("ls", "Lists orchestrations.", "dweb orchestrations ls --status Failed --wallet scheduler", [.. filter.All, limit], async (run, cancellationToken) =>
        {
            var (found, hasMore) = await new OrchestrationsClient(run).ListAsync(filter.Read(run), run.Get(limit), cancellationToken);
            run.Printer.Show(found, CliJson.Default.IReadOnlyListOrchestrationView, OrchestrationTables.List);
            if (hasMore)
            {
                run.Printer.Progress($"There are more: raise --limit above {run.Get(limit)}, or filter.");
            }
        });
    }

    private static Command Show(Verbs verbs)
    {
        var id = IdArgument();
        return verbs.Verb("show", "Shows an orchestration with its input and output.", "dweb orchestrations show 0x9f86… --wallet scheduler", [id], async (run, cancellationToken) =>
            run.Printer.Show(await new OrchestrationsClient(run).GetAsync(run.Get(id), cancellationToken), DwebJson.Default.OrchestrationView, OrchestrationTables.One));
    }

    private static Command History(Verbs verbs)
    {
        var id = IdArgument();
        return verbs.Verb(
            "history", "Shows what an orchestration did and when, and what it waits for or failed of.", "dweb orchestrations history 0x9f86… --wallet scheduler", [id],
            async (run, cancellationToken) => run.Printer.Show(
                await new OrchestrationsClient(run).HistoryAsync(run.Get(id), cancellationToken), DwebJson.Default.OrchestrationTimelineView, OrchestrationTables.Timeline));
    }

    private static Command Raise(Verbs verbs)
    {
        var id = IdArgument();
        var name = new Argument<string>("EVENT") { Description = "Name of the event." };
        var payload = new Argument<JsonElement>("JSON")
        {
            Description = "What the event carries.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = static result => result.Tokens.Count == 0 ? default : ValueParsers.One<JsonElement>(TryParse, "JSON")(result),
        };
        var eventId = new Option<string?>("--event-id") { Description = "The same id again has no effect; a new one otherwise.", HelpName = "TEXT" };
        return verbs.Verb(
            "raise", "Raises an event for an orchestration.", "dweb orchestrations raise 0x9f86… Approved true --wallet scheduler", [id, name, payload, eventId],
            async (run, cancellationToken) =>
            {
                var given = run.Find(payload);
                var value = given.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("null") : given;
                Tell(run, await new OrchestrationsClient(run).RaiseAsync(run.Get(id), run.Get(name), run.Get(eventId) ?? Guid.NewGuid().ToString("N"), value, cancellationToken));
            });
    }

    private static Command Change(Verbs verbs, string verb, string description)
    {
        var id = IdArgument();
        var reason = new Option<string?>("--reason") { Description = "Kept in its history.", HelpName = "TEXT" };
        return verbs.Verb(verb, description, $"dweb orchestrations {verb} 0x9f86… --reason maintenance --wallet scheduler", [id, reason], async (run, cancellationToken) =>
            Tell(run, await new OrchestrationsClient(run).ChangeAsync(run.Get(id), verb, run.Get(reason), cancellationToken)));
    }

    private static Command Purge(Verbs verbs)
    {
        var id = new Argument<string?>("ID") { Description = "One orchestration; otherwise those that the filters mean.", Arity = ArgumentArity.ZeroOrOne };
        var filter = new SelectionOptions();
        return verbs.Verb(
            "purge", "Forgets orchestrations that have ended.", "dweb orchestrations purge --status Completed --older-than 7d --wallet scheduler", [id, .. filter.All],
            async (run, cancellationToken) =>
            {
                var client = new OrchestrationsClient(run);
                var (one, selection) = (run.Find(id), filter.Read(run));
                var purged = (one, selection.IsEverything) switch
                {
                    ({ } named, true) => await client.PurgeAsync(named, cancellationToken),
                    (null, false) => await client.PurgeAsync(selection, cancellationToken),
                    _ => throw new DwebException(Catalogue.InvalidValue, "Give either an ID or a filter."),
                };
                run.Printer.Show(purged, DwebJson.Default.PurgeView, static p => Printer.Line($"{p.Purged} forgotten"));
            });
    }

    private static void Tell(Run run, OrchestrationChange change) =>
        run.Printer.Show(change, DwebJson.Default.OrchestrationChange, static c => Printer.Line($"{c.InstanceId}: {c.Change} accepted"));

    private static Argument<string> IdArgument() => new("ID") { Description = "Instance id; of an order's orchestration it is the order's hash." };

    private static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
