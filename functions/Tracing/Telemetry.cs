using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dweb.Functions.Tracing;

/// <summary>Sends spans to a collector where the environment names one, by OpenTelemetry's own settings; else nobody listens, and its packages are not loaded.</summary>
internal static class Telemetry
{
    /// <summary>Address of a collector, as every OpenTelemetry program reads it.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IServiceCollection services, IConfiguration configuration, string program)
    {
        if (configuration[EndpointSetting] is { Length: > 0 })
        {
            Export(services, program);
        }
    }

    private static void Export(IServiceCollection services, string program) => services
        .AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(program))
        .WithTracing(static tracing => tracing.AddSource(Spans.SourceName).AddOtlpExporter());
}
