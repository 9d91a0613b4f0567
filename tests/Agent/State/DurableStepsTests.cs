using System.Text.RegularExpressions;
using Dweb.Agent.State;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.State;

/// <summary>The list of steps is that of the code: each of them is announced somewhere, and what outlives the agent is announced everywhere.</summary>
public sealed partial class DurableStepsTests
{
    private static readonly IReadOnlyList<(string File, string Text)> Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "agent"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(static file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];

    [Fact]
    public void Every_step_that_is_listed_is_announced()
    {
        var announced = Sources.Where(static source => source.File != "DurableSteps.cs")
            .SelectMany(static source => Announced().Matches(source.Text)).Select(static match => match.Groups["step"].Value).Distinct(StringComparer.Ordinal);
        Assert.Equal(Enum.GetNames<DurableStep>().Order(StringComparer.Ordinal), announced.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(@"AtomicFile\.WriteAsync\(")]
    [InlineData(@"File\.(Delete|WriteAll)")]
    [InlineData(@"client\.Images\.(Create|Delete)ImageAsync\(")]
    [InlineData(@"client\.Containers\.(Create|Start|Stop|Remove)ContainerAsync\(")]
    [InlineData(@"client\.Networks\.(Create|Delete)NetworkAsync\(")]
    [InlineData(@"libpod\.(Post|Delete)Async\(")]
    [InlineData(@"view\(\)\.RunAsync\(")]
    [InlineData(@"Client\.(ReportAsync|SubmitUsageAsync)\(")]
    public void Whatever_outlives_the_agent_is_done_within_an_announcement(string call)
    {
        int found = 0;
        foreach (var (file, text) in Sources)
        {
            foreach (Match match in Regex.Matches(text, call, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            {
                found++;
                string member = text[..match.Index];
                Assert.True(
                    member.LastIndexOf("DurableSteps.Try(", StringComparison.Ordinal) > member.LastIndexOf("\n    {", StringComparison.Ordinal),
                    $"{file} does not announce {match.Value}…");
            }
        }

        Assert.NotEqual(0, found);
    }

    [GeneratedRegex(@"DurableStep\.(?<step>[A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Announced();
}
