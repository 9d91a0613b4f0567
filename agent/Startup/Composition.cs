using Dweb.Agent.ControlPlane;
using Dweb.Agent.Identity;
using Dweb.Agent.Images;
using Dweb.Agent.Isolation;
using Dweb.Agent.Leases;
using Dweb.Agent.Loops;
using Dweb.Agent.Machine;
using Dweb.Agent.Metering;
using Dweb.Agent.Reporting;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Settings;
using Dweb.Agent.State;
using Dweb.Agent.Tracing;
using Dweb.Agent.Trust;
using Dweb.Agent.Usage;
using Dweb.Agent.Volumes;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Startup;

/// <summary>All that was checked before the host is built.</summary>
internal sealed record Foundations(
    AgentSettings Settings,
    DataFolder Folder,
    AgentIdentity Identity,
    PrivateKey Key,
    AgentStanding Me,
    IContainerRuntime Runtime,
    ChainNodes Nodes,
    EvmAddress LeaseBook,
    IFirewall Firewall,
    IBandwidthLimit Bandwidth);

/// <summary>Puts the parts together.</summary>
internal static class Composition
{
    private const int MostAnswerBytes = 16 * 1024 * 1024;

    public static IHost Build(Foundations given, ExitStatus exit)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "dweb-agent" });
        builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Services.AddSystemd();
        builder.Services.TryAddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        Telemetry.Add(builder, new ConfigurationBuilder().AddEnvironmentVariables().Build());
        AddParts(builder.Services, given, exit);

        // In this order; the table is first up and last down.
        builder.Services.AddHostedService<LeaseTableService>();
        builder.Services.AddHostedService<ChainClockLoop>();
        builder.Services.AddHostedService<HeartbeatLoop>();
        AddForEach<AssignmentLoop>(builder.Services, given.Settings);
        AddForEach<ReportLoop>(builder.Services, given.Settings);
        AddForEach<UsageLoop>(builder.Services, given.Settings);
        builder.Services.AddHostedService<MeterLoop>();
        AddForEach<SpecLoop>(builder.Services, given.Settings);
        AddForEach<LogLoop>(builder.Services, given.Settings);
        builder.Services.AddHostedService<EngineWatchLoop>();
        builder.Services.AddHostedService<FirewallLoop>();
        builder.Services.AddHostedService<NetworkPoolLoop>();
        builder.Services.AddHostedService<ImageCacheLoop>();
        builder.Services.AddHostedService<RetirementLoop>();
        builder.Services.AddHostedService<WatchdogLoop>();
        return builder.Build();
    }

    /// <summary>One loop of that kind for each control plane.</summary>
    private static void AddForEach<TLoop>(IServiceCollection services, AgentSettings settings)
        where TLoop : class, IHostedService
    {
        for (int i = 0; i < settings.ControlPlanes.Count; i++)
        {
            int plane = i;
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<TLoop>(provider, provider.GetRequiredService<IReadOnlyList<ControlPlaneLink>>()[plane]));
        }
    }

    private static void AddParts(IServiceCollection services, Foundations given, ExitStatus exit)
    {
        var settings = given.Settings;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(given.Identity);
        services.AddSingleton(given.Me);
        services.AddSingleton(given.Runtime);
        services.AddSingleton(given.Firewall);
        services.AddSingleton(given.Bandwidth);
        services.AddSingleton(provider => new DeploymentNetworks(given.Runtime, settings.Coe, settings.NetworkRange, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LeaseVolumes(
            given.Folder.VolumeFolder, () => MountNamespace.OfEngine(settings.Engine), provider.GetRequiredService<ILogger<LeaseVolumes>>()));
        services.AddSingleton(_ => new SecretFolders(given.Folder.SecretsFolder, () => MountNamespace.OfEngine(settings.Engine)));
        services.AddSingleton(provider => new SealedBundles(given.Folder.SecretsFolder, provider.GetRequiredService<IReadOnlyList<ControlPlaneLink>>()));
        services.AddSingleton(AgentSealing.Of(given.Key, given.Me));
        services.AddSingleton<SecretHandout>();
        services.AddSingleton<LeasePremises>();
        services.AddSingleton(provider => new ImageCache(
            given.Runtime, settings.Registry.Authority, settings.ImageCacheBytes, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ImageCache>>()));
        services.AddSingleton(exit);
        services.AddSingleton<ITicketSource>(new ChainTicketSource(given.Nodes, settings.Coe, given.LeaseBook));
        services.AddSingleton(new UsageSigner(settings.Coe, new TypedDataDomain(settings.ChainId, given.LeaseBook), given.Key));
        services.AddSingleton<ChainClock>();
        services.AddSingleton(settings.ControlPlanes);
        services.AddSingleton<Standing>();
        services.AddSingleton<Doubts>();
        services.AddSingleton<PhaseBoard>();
        services.AddSingleton<UsageBook>();
        services.AddSingleton(provider => UsageJournal.Open(given.Folder.JournalFolder, provider.GetRequiredService<ILogger<UsageJournal>>()));
        services.AddSingleton(LeasePolicy.For(settings.UsageInterval));
        services.AddSingleton(ContainerCounters.ForThisMachine());
        services.AddSingleton(provider => new EngineClock(given.Runtime.ReadTimeAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LeaseStore(given.Folder.LeaseFolder, provider.GetRequiredService<ILogger<LeaseStore>>()));
        services.AddSingleton<IReadOnlyList<ControlPlaneLink>>(provider => [.. settings.ControlPlanes.Select(address => LinkTo(address, given, provider))]);
        services.AddSingleton(provider => MembersOf(given, provider));
        services.AddSingleton(provider => new LeaseLauncher(
            given.Runtime,
            provider.GetRequiredService<LeasePremises>(),
            provider.GetRequiredService<SecretHandout>(),
            provider.GetRequiredService<ImageCache>(),
            provider.GetRequiredService<ITicketSource>(),
            new ImageVerifier(new RegistryClient(new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, settings.Registry, settings.ControlPlanes)),
            given.Me,
            settings.Registry,
            settings.PublicAddress));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LeaseServices>(provider, PublicHostOf(settings)));
        services.AddSingleton<LeaseTable>();
    }

    private static ControlPlaneLink LinkTo(Uri address, Foundations given, IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        return new ControlPlaneLink(
            address,
            new ControlPlaneClient(ControlPlaneHttp(), address, given.Settings.Coe, given.Key, new ClockOffset(time)),
            new Failures(address, provider.GetRequiredService<Standing>(), provider.GetRequiredService<ILogger<Failures>>()),
            new Pulse(given.Settings.Heartbeat, time),
            provider.GetRequiredService<PhaseBoard>().Read(),
            provider.GetRequiredService<UsageBook>().Listen(),
            new LogDesk(),
            new SpecDesk(time));
    }

    private static SchedulerMembers MembersOf(Foundations given, IServiceProvider provider)
    {
        var http = ControlPlaneHttp();
        var time = provider.GetRequiredService<TimeProvider>();
        return new SchedulerMembers(
            [.. given.Settings.Members.Select(address => new SchedulerMember(
                address, new ControlPlaneClient(http, address, given.Settings.Coe, given.Key, new ClockOffset(time)), new Pulse(given.Settings.Heartbeat, time)))],
            provider.GetRequiredService<ILogger<SchedulerMembers>>());
    }

    // The long poll bounds itself.
    private static HttpClient ControlPlaneHttp() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostAnswerBytes,
    };

    private static string PublicHostOf(AgentSettings settings) =>
        settings.PublicAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{settings.PublicAddress}]" : settings.PublicAddress.ToString();
}
