using Dweb.Durable;
using Dweb.Functions.Hosting;

namespace Dweb.Functions.Tests.Hosting;

public sealed class ReadyActivitiesTests
{
    [Fact]
    public async Task An_activity_that_was_left_from_before_begins_when_the_chain_has_been_read()
    {
        var cancel = TestContext.Current.CancellationToken;
        var readiness = new Readiness();
        bool began = false;
        var registry = new OrchestrationRegistry().AddActivity(
            new ActivityDefinition<int, int>("left", Numbers.Default.Int32, Numbers.Default.Int32), (_, input, _) =>
            {
                began = true;
                return Task.FromResult(input + 1);
            });
        var outcome = new ReadyActivities(new ActivityWorker(registry), readiness).ExecuteAsync("left", "instance", 0, "1", cancel);
        Assert.False(began || outcome.IsCompleted);

        readiness.Set();
        Assert.Equal("2", (await outcome).ResultJson);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(int))]
internal sealed partial class Numbers : System.Text.Json.Serialization.JsonSerializerContext;
