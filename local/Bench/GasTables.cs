using System.Globalization;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench;

/// <summary>Operation, gas, limit and verdict; then what sets the floor where a limit is missed.</summary>
internal static class GasTables
{
    public static void Show(Screen screen, GasTable result)
    {
        var table = new Table().AddColumns("group", "operation").AddColumn(Right("gas")).AddColumn(Right("limit")).AddColumn("verdict");
        foreach (var row in result.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Group), Markup.Escape(row.Name), row.Verdict == GasVerdict.NotMeasured ? "" : Number(row.Value), row.Limit is { } limit ? Number(limit.Most) : "", Word(row.Verdict));
        }

        screen.Table(table);
        foreach (var row in result.Rows.Where(r => r.Verdict == GasVerdict.AboveForAReason))
        {
            screen.Plain($"{row.Name}: {row.Limit!.Floor}");
        }
    }

    private static string Word(GasVerdict verdict) => verdict switch
    {
        GasVerdict.Within => "within",
        GasVerdict.Above => "ABOVE",
        GasVerdict.AboveForAReason => "above, see below",
        GasVerdict.NotMeasured => "NOT MEASURED",
        _ => "",
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();
}
