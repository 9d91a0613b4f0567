using System.Globalization;
using Spectre.Console;

namespace Dweb.Local.Terminal;

/// <summary>
/// What a person sees: one line for each step with the time since the start, and a line that moves (on a terminal)
/// or returns every minute (elsewhere) while something long runs.
/// </summary>
internal sealed class Screen(IAnsiConsole console, TimeProvider time, bool interactive)
{
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _writing = new();
    private bool _statusShown;

    public static Screen OnConsole()
    {
        var interactive = !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (!interactive)
        {
            // Nobody's window is this narrow when the output is a file: a wrapped address cannot be copied.
            console.Profile.Width = 200;
        }

        return new Screen(console, TimeProvider.System, interactive);
    }

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>A chapter of what happens.</summary>
    public void Step(string text) => Line($"[[{Clock()}]] [bold]{Markup.Escape(text)}[/]");

    /// <summary>A detail below a step.</summary>
    public void Detail(string text) => Line($"           {Markup.Escape(text)}");

    public void Plain(string text) => Line(Markup.Escape(text));

    public void Table(Table table)
    {
        lock (_writing)
        {
            EraseStatus();
            console.Write(table);
        }
    }

    /// <summary>Does something long under a line that shows it is alive, and a line with its duration at the end.</summary>
    public async Task<T> During<T>(string text, Func<Progress, Task<T>> work)
    {
        var started = time.GetTimestamp();
        var progress = new Progress();
        if (!interactive)
        {
            Detail($"{text} …");
        }

        var running = work(progress);
        var shown = started;
        while (await Task.WhenAny(running, Task.Delay(Blink, time)) != running)
        {
            var now = time.GetElapsedTime(started);
            if (interactive)
            {
                Status($"           {text} … {Seconds(now)} {progress.Latest}");
            }
            else if (time.GetElapsedTime(shown) >= Quiet)
            {
                shown = time.GetTimestamp();
                Detail($"{text} … {Seconds(now)} {progress.Latest}".TrimEnd());
            }
        }

        var result = await running;
        Detail($"{text}: done in {Seconds(time.GetElapsedTime(started))}");
        return result;
    }

    /// <inheritdoc cref="During{T}"/>
    public Task During(string text, Func<Progress, Task> work) => During(text, async progress =>
    {
        await work(progress);
        return true;
    });

    public void Failure(LocalException failure)
    {
        Plain($"Failed: {failure.Message}");
        Plain($"What to do: {failure.Advice}");
    }

    private void Line(string markup)
    {
        lock (_writing)
        {
            EraseStatus();
            console.MarkupLine(markup);
        }
    }

    private void Status(string text)
    {
        lock (_writing)
        {
            var width = Math.Max(20, console.Profile.Width - 1);
            Console.Out.Write("\r\u001b[2K" + (text.Length > width ? text[..width] : text));
            _statusShown = true;
        }
    }

    private void EraseStatus()
    {
        if (_statusShown)
        {
            Console.Out.Write("\r\u001b[2K");
            _statusShown = false;
        }
    }

    private string Clock() => string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,7:0.0} s");

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}

/// <summary>The last thing that a long piece of work said about itself.</summary>
internal sealed class Progress
{
    private volatile string _latest = "";

    public string Latest => _latest;

    public void Say(string text) => _latest = text.Trim();
}
