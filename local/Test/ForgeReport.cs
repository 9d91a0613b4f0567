using System.Text.Json;

namespace Dweb.Local.Test;

/// <summary>Reads what <c>forge test --json</c> prints: suites, and in each the tests with their status.</summary>
internal static class ForgeReport
{
    public const string Program = "contracts (forge)";

    public static TestOutcome Parse(string json, TimeSpan took)
    {
        using var document = JsonDocument.Parse(json);
        int passed = 0, skipped = 0;
        var failures = new List<string>();
        foreach (var suite in document.RootElement.EnumerateObject())
        {
            foreach (var test in suite.Value.GetProperty("test_results").EnumerateObject())
            {
                switch (test.Value.GetProperty("status").GetString())
                {
                    case "Success":
                        passed++;
                        break;
                    case "Skipped":
                        skipped++;
                        break;
                    default:
                        failures.Add($"{suite.Name} {test.Name}: {test.Value.GetProperty("reason")} {Counterexample(test.Value)}".TrimEnd());
                        break;
                }
            }
        }

        return new TestOutcome(Program, passed, failures.Count, skipped, took, failures);
    }

    private static string Counterexample(JsonElement test) =>
        test.TryGetProperty("counterexample", out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : "";
}
