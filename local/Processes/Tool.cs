namespace Dweb.Local.Processes;

/// <summary>What a program that ran to its end left.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines of what it said, errors first choice.</summary>
    public string Tail(int lines = 12) =>
        string.Join('\n', (string.IsNullOrWhiteSpace(Errors) ? Output : Errors).TrimEnd().Split('\n').TakeLast(lines));
}

/// <summary>Runs programs to their end.</summary>
internal sealed class Tool(Spawner spawner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program; when <paramref name="stop"/> fires, it and all it started are ended first.</summary>
    /// <param name="launch">What to run.</param>
    /// <param name="heard">Called with each line as it is said.</param>
    /// <param name="stop">Ends the program.</param>
    public async Task<ToolResult> Run(Launch launch, Action<string>? heard, CancellationToken stop)
    {
        var info = launch.ToStartInfo();
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        using var process = await spawner.Start(info);
        var id = ProcessId.Of(process.Id);
        var output = Collect(process.StandardOutput, heard);
        var errors = Collect(process.StandardError, heard);
        try
        {
            await process.StandardInput.WriteAsync(launch.Input.AsMemory(), stop);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException) when (id is { } running)
        {
            Signals.AskGroup(running);
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Signals.EndGroup(running);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a program that has to succeed and returns what it printed.</summary>
    /// <exception cref="LocalException">It ended with another code than 0.</exception>
    public async Task<string> Require(Launch launch, string advice, CancellationToken stop)
    {
        var result = await Run(launch, heard: null, stop);
        return result.Succeeded
            ? result.Output
            : throw new LocalException($"'{launch.Line}' ended with {result.ExitCode}:\n{result.Tail()}", advice);
    }

    private static async Task<string> Collect(StreamReader reader, Action<string>? heard)
    {
        var text = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.AppendLine(line);
            heard?.Invoke(line);
        }

        return text.ToString();
    }
}
