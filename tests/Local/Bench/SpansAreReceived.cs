using System.Diagnostics;
using System.Net;
using Dweb.Local.Bench.Trace;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dweb.Local.Tests.Bench;

public sealed class SpansAreReceived : IDisposable
{
    private readonly ActivitySource source = new("Dweb.Local.Tests." + Guid.NewGuid().ToString("N"));

    public void Dispose() => source.Dispose();

    [Fact]
    public async Task What_the_exporter_sends_is_read_with_its_program_its_parent_and_its_texts()
    {
        await using var receiver = new SpanReceiver();
        using (Exporter(receiver))
        {
            using var outer = source.StartActivity("request");
            using var inner = source.StartActivity("placement")!.SetTag("dweb.order", "0xab").SetTag("tries", 3).SetTag("dweb.lease", "0xcd");
        }

        var spans = receiver.Spans.ToDictionary(static span => span.Name);
        var (request, placement) = (spans["request"], spans["placement"]);
        Assert.Equal(("dweb-functions", request.TraceId, request.SpanId, ""), (placement.Service, placement.TraceId, placement.ParentId, request.ParentId));
        Assert.Equal(("0xab", "", "0xcd"), (placement.Attributes["dweb.order"], placement.Attributes["tries"], placement.Attributes["dweb.lease"]));
        Assert.True(request.StartNs <= placement.StartNs && placement.StartNs <= placement.EndNs && placement.EndNs <= request.EndNs);
    }

    [Fact]
    public async Task What_is_no_export_is_refused_and_the_next_one_is_read()
    {
        await using var receiver = new SpanReceiver();
        using var http = new HttpClient();
        using var nonsense = new ByteArrayContent([0x0a, 0x7f, 1]);
        using var answer = await http.PostAsync(new Uri(receiver.Endpoint + "/v1/traces"), nonsense, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);

        using (Exporter(receiver))
        {
            source.StartActivity("request")?.Dispose();
        }

        Assert.Equal("request", Assert.Single(receiver.Spans).Name);
    }

    [Fact]
    public async Task What_several_programs_send_in_many_exports_is_all_received()
    {
        const int Programs = 3;
        const int Exports = 120;
        await using var receiver = new SpanReceiver();
        await Task.WhenAll(Enumerable.Range(0, Programs).Select(program => Task.Run(
            () =>
            {
                // Each program has a source of its own: one is listened to by all.
                using var own = new ActivitySource($"{source.Name}.{program}");
                using var exporter = Exporter(receiver, own.Name, ExportProcessorType.Simple);
                for (int i = 0; i < Exports; i++)
                {
                    own.StartActivity($"{program}-{i}")?.Dispose();
                }
            },
            TestContext.Current.CancellationToken)));
        Assert.Equal(Programs * Exports, receiver.Spans.Select(static span => span.Name).Distinct(StringComparer.Ordinal).Count());
    }

    private TracerProvider Exporter(SpanReceiver receiver) => Exporter(receiver, source.Name, ExportProcessorType.Batch);

    private static TracerProvider Exporter(SpanReceiver receiver, string source, ExportProcessorType processor) => Sdk.CreateTracerProviderBuilder()
        .AddSource(source)
        .ConfigureResource(static resource => resource.AddService("dweb-functions"))
        .AddOtlpExporter(options =>
        {
            options.Endpoint = new Uri(receiver.Endpoint + "/v1/traces");
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.ExportProcessorType = processor;
        })
        .Build();
}
