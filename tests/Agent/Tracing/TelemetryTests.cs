using System.Text;
using Dweb.Agent.Tracing;
using Dweb.Core.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Tests.Tracing;

public sealed class TelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_are_sent_to_the_collector_that_the_environment_names()
    {
        var sent = new TaskCompletionSource<(string Path, string Body)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = WebApplication.CreateSlimBuilder();
        server.WebHost.UseUrls("http://127.0.0.1:0");
        server.Logging.ClearProviders();
        await using var collector = server.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            sent.TrySetResult((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync(Cancel);

        using (var agent = Build(new() { [Telemetry.EndpointSetting] = collector.Urls.Single(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }))
        {
            await agent.StartAsync(Cancel);
            using (var span = Spans.Begin("launch", Keccak256.Hash("order"), Keccak256.Hash("lease")))
            {
                Assert.NotNull(span);
            }

            await agent.StopAsync(Cancel);
        }

        var (path, text) = await sent.Task.WaitAsync(Cancel);
        Assert.Equal("/v1/traces", path);
        Assert.Contains("dweb-agent", text, StringComparison.Ordinal);
        Assert.Contains(Keccak256.Hash("order").ToString(), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_collector_is_named_nothing_is_set_up()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        int before = builder.Services.Count;
        Telemetry.Add(builder, new ConfigurationBuilder().Build());
        Assert.Equal(before, builder.Services.Count);
    }

    private static IHost Build(Dictionary<string, string?> environment)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Telemetry.Add(builder, new ConfigurationBuilder().AddInMemoryCollection(environment).Build());
        return builder.Build();
    }
}
