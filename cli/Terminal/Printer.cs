using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Dweb.Cli.Terminal;

/// <summary>What a command answers: a table or a line for people, or one JSON document; always on standard output.</summary>
internal sealed class Printer(bool json)
{
    public bool IsJson => json;

    /// <summary>Prints a result in the form that was asked for.</summary>
    public void Show<T>(T value, JsonTypeInfo<T> type, Action<T> forPeople)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, type));
        }
        else
        {
            forPeople(value);
        }
    }

    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>What goes on meanwhile, for people who wait; standard error.</summary>
    public void Progress(string text)
    {
        if (!json)
        {
            Console.Error.WriteLine(text);
        }
    }

    /// <param name="columns">Headings; one that starts with '>' is aligned to the right.</param>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => Write(AnsiConsole.Console, columns, rows);

    /// <summary>A table on standard error, beside the answer.</summary>
    public static void TableAside(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), columns, rows);

    private static void Write(IAnsiConsole console, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
        {
            bool right = column.StartsWith('>');
            var shape = new TableColumn(Markup.Escape(right ? column[1..] : column)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? shape.RightAligned() : shape);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (!console.Profile.Out.IsTerminal)
        {
            // A pipe has no width: cells are never cut.
            console.Profile.Width = 1000;
        }

        console.Write(table);
    }
}
