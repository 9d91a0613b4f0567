using System.Globalization;
using Dweb.Cli.Errors;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Commands;

/// <summary>Orchestrations for people.</summary>
internal static class OrchestrationTables
{
    public static void List(IReadOnlyList<OrchestrationView> all) => Printer.Table(
        ["ID", "NAME", "STATUS", "CREATED", "UPDATED", "WHY"],
        all.Select(static o => (string[])[o.InstanceId, o.Name, o.Status, SentenceValues.TimeOfMs(o.CreatedAtMs), SentenceValues.TimeOfMs(o.UpdatedAtMs), Line(o.Failure?.Message)]));

    public static void One(OrchestrationView o)
    {
        List([o]);
        foreach (var (what, text) in ((string, string?)[])[("input", o.Input), ("output", o.Output), ("custom status", o.CustomStatus), ("version", o.Version)])
        {
            if (text is not null)
            {
                Printer.Line($"{what}: {text}");
            }
        }

        for (var failure = o.Failure; failure is not null; failure = failure.Inner)
        {
            Printer.Line($"{(failure == o.Failure ? "failed of" : "caused by")}: {failure.ErrorType}: {failure.Message}");
        }
    }

    public static void Timeline(OrchestrationTimelineView view)
    {
        var o = view.Orchestration;
        Printer.Line($"{o.Name} {o.InstanceId}: {o.Status}, created {SentenceValues.TimeOfMs(o.CreatedAtMs)}");
        Printer.Table(
            [">AT", ">TOOK", "STEP", "OUTCOME", "DETAIL"],
            view.Steps.Select(step => (string[])
                [
                    "+" + Seconds(step.FromMs - o.CreatedAtMs), step.ToMs is { } to ? to == step.FromMs ? "" : Seconds(to - step.FromMs) : "…", Name(step), Outcome(step), Detail(step),
                ]));
        Printer.Line(view.Explanation);
    }

    private static string Name(OrchestrationStepView step) => (step.Name.Length > 0 ? $"{step.Kind} {step.Name}" : step.Kind) + (step.TaskId is { } id ? $" #{id}" : "");

    private static string Outcome(OrchestrationStepView step) => step.Attempt > 1 ? $"{step.Outcome} (attempt {step.Attempt})" : step.Outcome;

    private static string Detail(OrchestrationStepView step) => Line(
        step.Failure is { } failure ? $"{failure.ErrorType}: {failure.Message}"
        : step is { Outcome: "Pending", DueAtMs: { } due } ? $"due {SentenceValues.TimeOfMs(due)}"
        : step.Output ?? step.OtherInstanceId);

    private static string Line(string? text) => text is null ? "" : text.ReplaceLineEndings(" ") is { Length: > 100 } longer ? longer[..99] + "…" : text.ReplaceLineEndings(" ");

    private static string Seconds(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000m:0.000} s");
}
