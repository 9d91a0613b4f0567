using System.Diagnostics;
using System.Globalization;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench.Trace;

/// <summary>Deploys one order under a trace of its own, and shows what every program did for it, and when.</summary>
internal static class DeployTrace
{
    private const string Name = "traced";
    private const string TraceParent = "TRACEPARENT";

    // Programs export what has ended every half second.
    private static readonly TimeSpan Export = TimeSpan.FromSeconds(2);

    public static async Task Show(Repository repository, LocalStack stack, SpanReceiver receiver, Screen screen, CancellationToken stop)
    {
        var traceId = ActivityTraceId.CreateRandom().ToHexString();
        Environment.SetEnvironmentVariable(TraceParent, $"00-{traceId}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        var order = await RunningOrder.Deploy(stack.Cli, DeployBench.Manifest(repository), Name, stop);
        Environment.SetEnvironmentVariable(TraceParent, null);
        await Task.Delay(Export, stop);

        var table = new Table().AddColumn("step").AddColumn("program").AddColumn(new TableColumn("starts after, ms").RightAligned()).AddColumn(new TableColumn("takes, ms").RightAligned());
        foreach (var line in TraceTree.Of(receiver.Spans, traceId, order.GetProperty("orderHash").GetString()!))
        {
            table.AddRow(new string(' ', 2 * line.Depth) + Markup.Escape(line.Name), Markup.Escape(line.Service), Text(line.OffsetMs), Text(line.TookMs));
        }

        screen.Table(table);
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
