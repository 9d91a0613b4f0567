using System.Text.Json;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>What the command line said, and how it ended.</summary>
internal sealed record CliAnswer(int ExitCode, string Output, string Errors)
{
    public JsonElement Json()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}{Errors}");
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    /// <summary>The problem document behind whatever was said of progress.</summary>
    public Problem Problem()
    {
        Assert.True(ExitCode == 1, $"exit code {ExitCode}\n{Output}{Errors}");
        string line = Errors.Split('\n').Last(static l => l.StartsWith('{'));
        return JsonSerializer.Deserialize(line, DwebJson.Default.Problem)!;
    }
}
