using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Data.Tables;
using Dweb.Chain.Rpc;
using Dweb.Functions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Functions.Tests.Hosting;

public sealed class OutagesTests
{
    private static readonly RpcUnavailableException NoChain = new(new Uri("http://127.0.0.1:1"), "cannot be reached", "Is it up?");
    private static readonly RequestFailedException NoStorage = new(0, "Connection refused");
    private readonly FakeTimeProvider time = new();
    private readonly List<string> told = [];

    [Fact]
    public void An_outage_is_told_once_and_its_end_once_however_many_notice()
    {
        var outages = new Outages(time, new Listener(told));

        Assert.True(outages.Explain(NoChain));
        Assert.True(outages.Explain(NoChain));
        Assert.True(outages.Explain(new AggregateException(NoStorage, NoStorage)));
        time.Advance(TimeSpan.FromSeconds(30));
        outages.Answered(OutsidePart.Chain);
        outages.Answered(OutsidePart.Chain);
        Assert.True(outages.Explain(NoChain));

        Assert.Equal(
            ["The chain does not answer", "The storage does not answer", "The chain answers again after 30 s", "The chain does not answer"], told.Select(static line => line.Split(';')[0]));
    }

    [Fact]
    public async Task A_storage_that_takes_requests_and_never_answers_is_away()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var options = new TableClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1), NetworkTimeout = TimeSpan.FromMilliseconds(100) } };
        var table = new TableClient(new Uri($"http://{deaf.LocalEndpoint}/account"), "orders", new TableSharedKeyCredential("account", Convert.ToBase64String("only for tests"u8)), options);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => table.CreateAsync(TestContext.Current.CancellationToken));

        Assert.True(new Outages(time, new Listener(told)).Explain(failure), failure.ToString());
        Assert.StartsWith("The storage does not answer;", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_tells_is_not_told_twice()
    {
        var outages = new Outages(time, new Listener(told)) { HubTellsOfStorage = true };

        Assert.True(outages.Explain(NoStorage));
        outages.Answered(OutsidePart.Storage);

        Assert.Empty(told);
    }

    [Fact]
    public void A_failure_of_another_kind_is_no_outage()
    {
        var outages = new Outages(time, new Listener(told));

        Assert.False(outages.Explain(new RequestFailedException(409, "Conflict")));
        Assert.False(outages.Explain(new AggregateException(NoStorage, NoChain)));
        Assert.False(outages.Explain(new InvalidOperationException()));
        Assert.Empty(told);
    }

    private sealed class Listener(List<string> told) : ILogger<Outages>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            told.Add(formatter(state, exception));
    }
}
