using System.Net;
using System.Net.Sockets;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Coes;
using Dweb.Functions.Identity;
using Dweb.Functions.Indexing;
using Dweb.Functions.Registry;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Hosting;

/// <summary>Brings the parts up in the order in which they need each other.</summary>
internal static class Startup
{
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<RegistryKey>();
        _ = services.GetRequiredService<TriggerFunctions>();
        _ = services.GetRequiredService<FeeLog>();

        // Both count from the start of the process, not from their first use.
        _ = services.GetRequiredService<AgentRequests>();
        _ = services.GetRequiredService<Heartbeats>();
        await Task.WhenAll(
            services.GetRequiredService<ServerKey>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<OrderStore>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<SpecStore>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<BundleStore>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<OrderQueue>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<SettlementStore>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<QuarantineStore>().InitialiseAsync(cancellationToken),
            services.GetRequiredService<ReconciliationStore>().InitialiseAsync(cancellationToken));
        await services.GetRequiredService<IOrchestrationEngine>().StartAsync(cancellationToken);
    }

    /// <summary>Reads the chain and what it makes of this storage; from then on requests are answered.</summary>
    public static async Task CatchUpAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<ChainIndexer>().InitialiseAsync(cancellationToken);
        await services.GetRequiredService<UsageBook>().InitialiseAsync(cancellationToken);
        await services.GetRequiredService<Orders.OrderRecovery>().RunAsync(cancellationToken);
        await services.GetRequiredService<WarmUp>().RunAsync(cancellationToken);
        services.GetRequiredService<Readiness>().Set();
    }

    /// <summary>Says early and in one line what the server would say late and at length.</summary>
    /// <param name="handlerPort">That a Functions host gave; null alone.</param>
    /// <exception cref="DwebException">The address is taken.</exception>
    public static void CheckPortIsFree(ProgramSettings settings, int? handlerPort)
    {
        int port = handlerPort ?? settings.ListenUrl.Port;
        var address = handlerPort is null && IPAddress.TryParse(settings.ListenUrl.Host, out var configured) ? configured : IPAddress.Loopback;
        try
        {
            // It only takes the address and does not listen: whoever waits for this program must not find a door that is gone again.
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException refused)
        {
            throw new DwebException(Catalogue.PortInUse, $"{address}:{port} cannot be listened on: {refused.Message}.", "Dweb__ListenUrl", refused);
        }
    }

    /// <exception cref="DwebException">The address is taken.</exception>
    public static async Task ListenAsync(WebApplication app, ProgramSettings settings, int? handlerPort, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            string address = handlerPort is { } port ? $"127.0.0.1:{port}" : settings.ListenUrl.Authority;
            throw new DwebException(Catalogue.PortInUse, $"Another program listens on {address}.", "Dweb__ListenUrl", taken);
        }
    }
}
