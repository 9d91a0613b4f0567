using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dweb.Agent.Tracing;

/// <summary>Sends spans to a collector where the environment names one, by OpenTelemetry's own settings; else nobody listens, and its packages are not loaded.</summary>
internal static class Telemetry
{
    /// <summary>Address of a collector, as every OpenTelemetry program reads it.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="environment">Of the process; the exporter is the only part of the agent that is set up by it, all others by the settings file.</param>
    public static void Add(HostApplicationBuilder builder, IConfiguration environment)
    {
        if (environment[EndpointSetting] is { Length: > 0 })
        {
            builder.Configuration.AddConfiguration(environment);
            Export(builder.Services);
        }
    }

    private static void Export(IServiceCollection services) => services
        .AddOpenTelemetry()
        .ConfigureResource(static resource => resource.AddService("dweb-agent"))
        .WithTracing(static tracing => tracing.AddSource(Spans.SourceName).AddOtlpExporter());
}
