using System.Net;
using System.Text;
using Dweb.Durable.Extension;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Extension;

/// <summary>What the client asks of the extension's HTTP API, and makes of its documented answers.</summary>
public sealed class ExtensionClientTests : IDisposable
{
    private const string Binding = """{"taskHubName":"hub","creationUrls":null,"managementUrls":null,"baseUrl":null,"requiredQueryStringParameters":"code=KEY","rpcBaseUrl":"http://localhost:4001"}""";
    private static readonly OrchestrationDefinition<int, int> Main = Defs.IntToInt("Main");
    private readonly Host host = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_names_hub_and_key_and_carries_the_input()
    {
        host.Answers(404, "").Answers(202, "{}");
        await Client().StartAsync(Main, "a/1", 7, Ct);

        Assert.Equal("POST /runtime/webhooks/durabletask/orchestrators/Main/a%2F1?taskHub=hub&code=KEY 7", host.Asked[1]);
    }

    [Theory]
    [InlineData("""{"name":"Main","instanceId":"a","runtimeStatus":"Completed","input":7,"createdTime":"2026-03-01T00:00:00Z","lastUpdatedTime":"2026-03-01T00:00:00Z"}""", true)]
    [InlineData("""{"name":"Main","instanceId":"a","runtimeStatus":"Running","input":8,"createdTime":"2026-03-01T00:00:00Z","lastUpdatedTime":"2026-03-01T00:00:00Z"}""", false)]
    [InlineData("""{"name":"Other","instanceId":"a","runtimeStatus":"Running","input":7,"createdTime":"2026-03-01T00:00:00Z","lastUpdatedTime":"2026-03-01T00:00:00Z"}""", false)]
    public async Task A_start_of_what_is_there_changes_nothing_and_another_one_is_refused(string there, bool isSame)
    {
        host.Answers(200, there);
        var start = Client().StartAsync(Main, "a", 7, Ct);
        if (isSame)
        {
            await start;
        }
        else
        {
            await Assert.ThrowsAsync<OrchestrationConflictException>(() => start);
        }

        Assert.Single(host.Asked);
    }

    [Fact]
    public async Task A_start_that_another_one_overtook_looks_again()
    {
        host.Answers(404, "").Answers(409, "taken").Answers(202, Running);
        await Client().StartAsync(Main, "a", 7, Ct);
        Assert.Equal(3, host.Asked.Count);
    }

    [Theory]
    [InlineData(404, typeof(OrchestrationNotFoundException))]
    [InlineData(410, typeof(OrchestrationEndedException))]
    [InlineData(500, typeof(HttpRequestException))]
    public async Task An_event_that_is_not_taken_says_why(int status, Type expected)
    {
        host.Answers(status, "no").Answers(200, Running);
        await Assert.ThrowsAsync(expected, () => Client().RaiseEventAsync("a", Defs.Number, 1, "e", Ct));
    }

    [Fact]
    public async Task A_failure_of_the_host_is_told_without_its_key()
    {
        host.Answers(500, "broken");
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetAsync("a", Ct));
        Assert.Contains("broken", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_carries_its_id()
    {
        host.Answers(202, "");
        await Client().RaiseEventAsync("a", Defs.Number, 5, "e1", Ct);
        Assert.Equal("""POST /runtime/webhooks/durabletask/instances/a/raiseEvent/Number?taskHub=hub&code=KEY {"json":"5","eventId":"e1"}""", host.Asked[0]);
    }

    [Fact]
    public async Task Terminating_what_has_ended_has_no_effect_and_what_is_not_there_is_named()
    {
        host.Answers(410, "").Answers(404, "");
        await Client().TerminateAsync("a", "by hand", Ct);
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => Client().TerminateAsync("b", null, Ct));
        Assert.Equal("POST /runtime/webhooks/durabletask/instances/a/terminate?reason=by%20hand&taskHub=hub&code=KEY ", host.Asked[0]);
    }

    [Fact]
    public async Task A_list_goes_on_with_the_hosts_token_and_filters_what_the_host_cannot()
    {
        host.Answers(200, $"[{Running},{Running.Replace("Main", "Other", StringComparison.Ordinal)}]", "next").Answers(200, $"[{Running}]");
        var found = await Client().ListAsync(new OrchestrationQuery { Name = "Main", Statuses = [OrchestrationStatus.Running], InstanceIdPrefix = "a" }, Ct).ToListAsync(Ct);

        Assert.Equal(["Main", "Main"], found.Select(state => state.Name));
        Assert.Contains("runtimeStatus=Running", host.Asked[0], StringComparison.Ordinal);
        Assert.EndsWith("token=next", host.Asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shown_history_becomes_steps()
    {
        host.Answers(200, """
            {"name":"Main","instanceId":"a","runtimeStatus":"Failed","input":7,"customStatus":null,"output":"Orchestrator function 'Main' failed: no fuel",
             "createdTime":"2026-03-01T00:00:00Z","lastUpdatedTime":"2026-03-01T00:00:09Z","historyEvents":[
              {"EventType":"ExecutionStarted","FunctionName":"Main","Timestamp":"2026-03-01T00:00:00Z"},
              {"EventType":"TaskCompleted","FunctionName":"Pay","Result":{"json":null,"failure":{"errorType":"X","message":"no fuel"}},"ScheduledTime":"2026-03-01T00:00:01Z","Timestamp":"2026-03-01T00:00:02Z"},
              {"EventType":"TimerFired","FireAt":"2026-03-01T00:00:03Z","ScheduledTime":"2026-03-01T00:00:02Z","Timestamp":"2026-03-01T00:00:03Z"},
              {"EventType":"EventRaised","Name":"Number","Input":{"json":"5","eventId":"e1"},"Timestamp":"2026-03-01T00:00:03.5Z"},
              {"EventType":"TaskFailed","FunctionName":"Pay","Reason":"the host died","ScheduledTime":"2026-03-01T00:00:04Z","Timestamp":"2026-03-01T00:00:05Z"},
              {"EventType":"TaskCompleted","FunctionName":"Pay","Result":{"json":"12"},"ScheduledTime":"2026-03-01T00:00:06Z","Timestamp":"2026-03-01T00:00:07Z"}]}
            """);
        var timeline = (await Client().GetTimelineAsync("a", Ct))!;

        Assert.Equal(
            ["Activity Pay 1 Failed", "Timer  1 Done", "EventReceived Number 1 Done", "Activity Pay 2 Failed", "Activity Pay 3 Done"],
            timeline.Steps.Select(step => $"{step.Kind} {step.Name} {step.Attempt} {step.Outcome}"));
        Assert.Equal(("no fuel", "5", "12"), (timeline.Steps[0].Failure!.Message, timeline.Steps[2].Output, timeline.Steps[4].Output));
        Assert.Contains("no fuel", timeline.State.Failure!.Message, StringComparison.Ordinal);
        Assert.Same(timeline.Steps[0], timeline.FatalStep);
        Assert.False(timeline.CanRewind);
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_host_has_told_its_key()
    {
        var endpoint = new ExtensionEndpoint(new Uri("http://127.0.0.1:1"));
        host.Answers(404, "");
        var asked = Client(endpoint).GetAsync("a", Ct);
        Assert.Empty(host.Asked);
        endpoint.Learn(Binding);
        Assert.Null(await asked);
        Assert.Throws<FormatException>(() => endpoint.Learn("{}"));
    }

    public void Dispose() => host.Dispose();

    private const string Running =
        """{"name":"Main","instanceId":"a","runtimeStatus":"Running","input":7,"customStatus":null,"output":null,"createdTime":"2026-03-01T00:00:00Z","lastUpdatedTime":"2026-03-01T00:00:00Z"}""";

    private ExtensionClient Client()
    {
        var endpoint = new ExtensionEndpoint(new Uri("http://127.0.0.1:1"));
        endpoint.Learn(Binding);
        return Client(endpoint);
    }

    private ExtensionClient Client(ExtensionEndpoint endpoint) => new(new HttpClient(host, disposeHandler: false), endpoint, TimeProvider.System);

    private sealed class Host : HttpMessageHandler
    {
        private readonly Queue<(int Status, string Body, string? Continuation)> answers = new();

        public List<string> Asked { get; } = [];

        public Host Answers(int status, string body, string? continuation = null)
        {
            answers.Enqueue((status, body, continuation));
            return this;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var token = request.Headers.TryGetValues("x-ms-continuation-token", out var tokens) ? $"token={tokens.Single()}" : "";
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {body}{token}");
            var (status, text, continuation) = answers.Dequeue();
            var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = new StringContent(text, Encoding.UTF8, "application/json") };
            if (continuation is not null)
            {
                response.Headers.Add("x-ms-continuation-token", continuation);
            }
            return response;
        }
    }
}
