using System.Text.Json;

namespace Dweb.Local.Test;

/// <summary>Reads a Common Test Report Format file.</summary>
internal static class CtrfReport
{
    public static TestOutcome Parse(string program, string json, TimeSpan took)
    {
        using var document = JsonDocument.Parse(json);
        var results = document.RootElement.GetProperty("results");
        var summary = results.GetProperty("summary");
        List<string> failures = [.. results.GetProperty("tests").EnumerateArray()
            .Where(t => t.GetProperty("status").GetString() == "failed")
            .Select(t => $"{t.GetProperty("name").GetString()}: {Text(t, "message")}{Text(t, "trace")}".TrimEnd())];

        // A fixture that fails while it cleans up fails no test, but something is wrong all the same.
        var suiteErrors = SuiteErrors(results);
        return new TestOutcome(
            program,
            summary.GetProperty("passed").GetInt32(),
            summary.GetProperty("failed").GetInt32() + suiteErrors.Count,
            summary.GetProperty("skipped").GetInt32() + summary.GetProperty("pending").GetInt32(),
            took,
            [.. failures, .. suiteErrors]);
    }

    private static List<string> SuiteErrors(JsonElement results) =>
        results.TryGetProperty("extra", out var extra) && extra.TryGetProperty("suites", out var suites)
            ? [.. suites.EnumerateArray().Where(s => s.TryGetProperty("errors", out _)).SelectMany(s => s.GetProperty("errors").EnumerateArray()).Select(e => e.ToString())]
            : [];

    private static string Text(JsonElement test, string name) =>
        test.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() + "\n" : "";
}
