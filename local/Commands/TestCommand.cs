using System.CommandLine;
using System.Globalization;
using Dweb.Local.Build;
using Dweb.Local.Install;
using Dweb.Local.Stack;
using Dweb.Local.Test;
using Spectre.Console;

namespace Dweb.Local.Commands;

/// <summary><c>dweb test</c>: prepares the checkout, runs every test program and adds up.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var kind = new Argument<string?>("kind") { Description = "unit, contracts, integration or e2e; all of them when left out", DefaultValueFactory = _ => null };
        var name = new Option<string?>("--filter") { Description = "only tests whose name contains this", HelpName = "NAME" };
        var full = new Option<bool>("--full") { Description = "more cases for property and fuzz tests, and explicit tests too" };
        var noInstall = CommonOptions.NoInstall();
        var command = new Command("test", "Set up, build and run the tests. Example: dweb test unit --filter Lease") { kind, name, full, noInstall };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var selection = new TestSelection(TestSelection.ParseKind(parsed.GetValue(kind)), parsed.GetValue(name), parsed.GetValue(full));
            var setup = new Setup(workshop.Repository, workshop.Tool, workshop.Screen);
            var mayInstall = !parsed.GetValue(noInstall);
            await (selection.TakesPrograms ? setup.Prepare(DotnetBuild.Everything, mayInstall, stop) : setup.PrepareContracts(mayInstall, stop));
            await using var engine = await TestEngine.Find(workshop, selection.NeedsEngine, stop);
            workshop.Screen.Step("Tests");
            var total = await new TestRun(workshop.Repository, workshop.Tool, workshop.Screen, engine.Engine).Run(selection, stop);
            Show(workshop, total);
            return total.Ok ? 0 : 1;
        });
        return command;
    }

    private static void Show(Workshop workshop, TestTotal total)
    {
        var table = new Table().AddColumns("program", "passed", "failed", "skipped", "time");
        foreach (var outcome in total.Outcomes)
        {
            table.AddRow(
                outcome.Program, Number(outcome.Passed), Number(outcome.Failed), Number(outcome.Skipped),
                string.Create(CultureInfo.InvariantCulture, $"{outcome.Took.TotalSeconds:0.0} s"));
        }

        workshop.Screen.Table(table);
        // Once more: they may have been said hundreds of lines ago.
        foreach (var failure in total.Outcomes.SelectMany(o => o.Failures))
        {
            workshop.Screen.Plain($"FAILED {failure.Split('\n')[0]}");
        }

        foreach (var program in total.Empty)
        {
            workshop.Screen.Plain($"{program} ran no test.");
        }

        workshop.Screen.Plain(total.Line);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
