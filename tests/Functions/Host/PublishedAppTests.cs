using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dweb.Functions.Tests.Stack;
using Json.Schema;
using NCrontab;

namespace Dweb.Functions.Tests.Host;

/// <summary>What is published is a whole function app.</summary>
public sealed class PublishedAppTests(PublishedApp app)
{
    // A schema is registered for the whole process when it is read.
    private static readonly Dictionary<string, JsonSchema> Schemas = ((string[])["host", "function"]).ToDictionary(
        static name => name, static name => JsonSchema.FromFile(Path.Combine(AppContext.BaseDirectory, "Host", "Schemas", name + ".schema.json")), StringComparer.Ordinal);

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Its_host_file_fits_the_schema_and_names_an_executable()
    {
        string folder = await app.FolderAsync();
        var host = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "host.json"), TestContext.Current.CancellationToken)).RootElement;
        AssertFits("host", host);
        string executable = Path.Combine(folder, host.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString()!);
        Assert.True(File.GetUnixFileMode(executable).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Every_function_file_fits_the_schema_and_its_schedule_can_be_read()
    {
        string[] files = Directory.GetFiles(await app.FolderAsync(), "function.json", SearchOption.AllDirectories);
        Assert.Equal(35, files.Length);
        foreach (string file in files)
        {
            var function = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).RootElement;
            AssertFits("function", function);
            foreach (var binding in function.GetProperty("bindings").EnumerateArray())
            {
                if (binding.TryGetProperty("schedule", out var schedule) && schedule.GetString() is { } text && !text.StartsWith('%'))
                {
                    Assert.NotNull(CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }));
                }
            }
        }
    }

    [Theory]
    [InlineData("function", """{"bindings":[]}""")]
    [InlineData("function", """{"bindings":[{"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous","methods":["get"],"route":"a"}]}""")]
    [InlineData("function", """{"bindings":[{"type":"timerTrigger","direction":"in","name":"t","schedule":"* * * * *"}]}""")]
    [InlineData("function", """{"bindings":[{"type":"queueTrigger","direction":"in","name":"m","queueName":"Upper","connection":"AzureWebJobsStorage"}]}""")]
    [InlineData("function", """{"bindings":[{"type":"queueTrigger","direction":"in","name":"m","queueName":"orders"}]}""")]
    [InlineData("function", """{"bindings":[{"type":"activityTrigger","direction":"in","name":"a"},{"type":"activityTrigger","direction":"in","name":"b"}]}""")]
    [InlineData("function", """{"bindings":[{"type":"activityTrigger","direction":"out","name":"a"}]}""")]
    [InlineData("host", """{"version":"1.0"}""")]
    public void A_file_that_a_host_would_refuse_does_not_fit(string schema, string json) =>
        Assert.False(SchemaOf(schema).Evaluate(JsonDocument.Parse(json).RootElement).IsValid);

    [Fact]
    public void The_sample_of_settings_names_each_setting_that_is_read_and_the_manual_explains_it()
    {
        var sample = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))!["Values"]!.AsObject();
        string manual = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        string source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.*", SearchOption.AllDirectories)
            .Where(static file => file.EndsWith("SettingsReader.cs", StringComparison.Ordinal) || (file.EndsWith("function.json", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)))
            .Select(File.ReadAllText));
        var read = Regex.Matches(source, "Dweb__[A-Za-z]+", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)).Select(static match => match.Value).Append("AzureWebJobsStorage").ToHashSet(StringComparer.Ordinal);

        // Two are for the host: what this program is to it, and that the page at its root is ours.
        Assert.Equal(read.Append("FUNCTIONS_WORKER_RUNTIME").Append("AzureWebJobsDisableHomepage").Order(StringComparer.Ordinal), sample.Select(static setting => setting.Key).Order(StringComparer.Ordinal));
        Assert.All(read, name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    private static void AssertFits(string schema, JsonElement document)
    {
        var result = SchemaOf(schema).Evaluate(document, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, $"{document}\n{JsonSerializer.Serialize(result)}");
    }

    private static JsonSchema SchemaOf(string name) => Schemas[name];
}
