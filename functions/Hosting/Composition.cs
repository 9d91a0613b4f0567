using System.Net;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Activities;
using Dweb.Functions.Api;
using Dweb.Functions.Coes;
using Dweb.Functions.Disputes;
using Dweb.Functions.Identity;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Orders;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Registry;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Settings;
using Dweb.Functions.Settling;
using Dweb.Functions.Stores;
using Dweb.Functions.Tracing;
using Dweb.Functions.Triggers;
using Dweb.Functions.Triggers.IndexerTimer;
using Dweb.Functions.Triggers.OrderQueue;
using Dweb.Functions.Triggers.OrderQueuePoison;
using Dweb.Functions.Triggers.OrderSweep;
using Dweb.Functions.Triggers.ReconciliationTimer;
using Dweb.Functions.Triggers.SettlementTimer;

namespace Dweb.Functions.Hosting;

/// <summary>Which classes the program is made of.</summary>
internal static class Composition
{
    private const long LargestBody = 8 * 1024 * 1024;

    public static WebApplication Build(WebApplicationBuilder builder, ControlPlaneSettings settings, StorageAccount storage, ChainParts chain)
    {
        var services = builder.Services;
        AddLogging(builder);
        Telemetry.Add(services, builder.Configuration, "dweb-functions");
        services.AddSingleton(settings);
        services.AddSingleton<ProgramSettings>(settings);
        services.AddSingleton<TimeProvider>(new ForwardTime(TimeProvider.System));
        services.AddSingleton(provider => new Outages(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Outages>>())
        {
            HubTellsOfStorage = settings.FunctionsHost is null,
        });
        AddChain(services, chain.Access, IndexPace.Fast);
        services.AddSingleton<IIndexStore, IndexStore>();
        services.AddSingleton(chain.Senders);
        services.AddSingleton<FeeLog>();
        AddCommittee(services, settings, chain);
        AddStores(services, storage);
        AddRooms(services, settings);
        AddTriggers(services, builder.Configuration);
        AddOrchestrations(services, settings);
        AddReconciliation(services);
        AddHttp(builder, settings);
        var app = builder.Build();
        ApiRoutes.Map(app);
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<MarketSignals>().Stop);
        return app;
    }

    public static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(static console => console.IncludeScopes = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }

    /// <summary>What every role reads the chain with.</summary>
    public static void AddChain(IServiceCollection services, ChainAccess chain, IndexPace pace)
    {
        services.AddSingleton(chain.Client);
        services.AddSingleton(chain.Contracts);
        services.AddSingleton(chain.Parameters);
        services.AddSingleton<Market>();
        services.AddSingleton<MarketHistory>();
        services.AddSingleton<MarketSignals>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ChainIndexer>(provider, pace));
        services.AddHostedService(static provider => provider.GetRequiredService<ChainIndexer>());
    }

    private static void AddCommittee(IServiceCollection services, ControlPlaneSettings settings, ChainParts chain)
    {
        services.AddSingleton<HearingCheck>();
        services.AddSingleton<ICommitteeSigners>(provider => CommitteeMembers.Create(provider, settings, chain));
    }

    private static void AddStores(IServiceCollection services, StorageAccount storage)
    {
        services.AddSingleton(storage);
        services.AddSingleton<OrderStore>();
        services.AddSingleton<SpecStore>();
        services.AddSingleton<BundleStore>();
        services.AddSingleton<OrderQueue>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<SettlementStore>();
        services.AddSingleton<QuarantineStore>();
        services.AddSingleton<ReconciliationStore>();
    }

    private static void AddRooms(IServiceCollection services, ControlPlaneSettings settings)
    {
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<NamedLeases>();
        services.AddSingleton<Assignments>();
        services.AddSingleton<LogRelay>();
        services.AddSingleton<OfferedSpecs>();
        services.AddSingleton<AssignedSecrets>();
        services.AddSingleton<SealingKeys>();
        services.AddSingleton<OrderContents>();
        services.AddSingleton<ConfinedServices>();
        services.AddSingleton<LeaseReports>();
        services.AddSingleton<UsageBook>();
        services.AddSingleton<UsageIntake>();
        services.AddSingleton<ServerKey>();
        services.AddSingleton<LoginTokens>();
        services.AddSingleton<WalletLogin>();
        services.AddSingleton<Callers>();
        services.AddSingleton<Operators>();
        services.AddSingleton<AgentRequests>();
        services.AddSingleton<MarketView>();
        services.AddSingleton<OrderTimeline>();
        services.AddSingleton<OrderTraces>();
        services.AddSingleton<OrderIntake>();
        services.AddSingleton<OrderLookup>();
        services.AddSingleton<OrderViews>();
        services.AddSingleton<OrderRecovery>();
        services.AddSingleton<WarmUp>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<IChainWatcher>(static provider => provider.GetRequiredService<OrderRecovery>());
        services.AddSingleton<IChainWatcher, OrderNotices>();
        services.AddSingleton<IChainWatcher, SettlementWatcher>();
        services.AddSingleton<IChainWatcher, DisputeWatch>();
        services.AddSingleton(static provider => provider.GetServices<IChainWatcher>().OfType<OrderNotices>().Single());
        services.AddSingleton(provider => RegistryKey.LoadOrCreate(
            settings.Registry.TokenKeyFile, settings.Registry.TokenCertificateFile, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RegistryTokens>();
        services.AddSingleton(static _ => new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }));
        services.AddSingleton<RegistryManifests>();
    }

    private static void AddTriggers(IServiceCollection services, IConfiguration configuration)
    {
        string scriptRoot = AppContext.BaseDirectory;
        services.AddSingleton<QueueWake>();
        services.AddSingleton(HostDocument.Read(scriptRoot));
        services.AddSingleton(FunctionFile.ReadAll(scriptRoot, configuration));
        services.AddSingleton<IQueueFunction, OrderQueueFunction>();
        services.AddSingleton<IQueueFunction, OrderQueuePoisonFunction>();
        services.AddSingleton<ITimerFunction, OrderSweepFunction>();
        services.AddSingleton<ITimerFunction, SettlementTimerFunction>();
        services.AddSingleton<ITimerFunction, IndexerTimerFunction>();
        services.AddSingleton<ITimerFunction, ReconciliationTimerFunction>();
        services.AddSingleton<TriggerFunctions>();
        services.AddHostedService<AlonePump>();
    }

    private static void AddOrchestrations(IServiceCollection services, ControlPlaneSettings settings)
    {
        services.AddSingleton<AdmitAndOpen>();
        services.AddSingleton<ReplaceLeases>();
        services.AddSingleton<LeaseStandings>();
        services.AddHostedService<CoeWatch>();
        services.AddSingleton<DueUpgrades>();
        services.AddSingleton<UpgradeNext>();
        services.AddSingleton<JudgeBatch>();
        services.AddSingleton<Rollouts>();
        services.AddHostedService<ChannelWatch>();
        services.AddSingleton<CommitOrder>();
        services.AddSingleton<DueUsage>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<CollectUsage>();
        services.AddSingleton<SettleUsage>();
        services.AddSingleton<TriedCalls>();
        services.AddSingleton<DueLeases>();
        services.AddSingleton<RenewDue>();
        services.AddSingleton<CloseDue>();
        services.AddSingleton<ParkDue>();
        ServingExaminations.Add<LeaseReports>(services, settings.ProbePrivateAddresses);
        services.AddSingleton<ProbeDispute>();
        services.AddSingleton<TendSilentCoe>();
        services.AddSingleton<LossNotices>();
        services.AddSingleton<GiveVerdict>();
        Registrations.AddEngine(services, settings);
    }

    private static void AddReconciliation(IServiceCollection services)
    {
        services.AddSingleton<Rereading>();
        services.AddSingleton<IndexRows>();
        services.AddSingleton<ChainLook>();
        services.AddSingleton<Lifecycles>();
        services.AddSingleton<IComparison, CoeComparison>();
        services.AddSingleton<IComparison, OrderComparison>();
        services.AddSingleton<IComparison, IndexRowComparison>();
        services.AddSingleton<IComparison, OrderRowComparison>();
        services.AddSingleton<IComparison, AgentComparison>();
        services.AddSingleton<CompareState>();
        services.AddSingleton<ReconciliationReports>();
        services.AddSingleton<ReconciliationRuns>();
    }

    private static void AddHttp(WebApplicationBuilder builder, ControlPlaneSettings settings)
    {
        builder.Services.AddOpenApi(static options => options.AddSchemaTransformer<OpenApiSchemas>());
        builder.Services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, DwebJson.Default);
            options.SerializerOptions.Converters.Add(new WeiConverter());
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;

            // Under a host only the host may call; alone the configured address is the API's own.
            if (settings.CustomHandlerPort is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port);
            }
            else
            {
                Listen(kestrel, settings.ListenUrl);
            }
        });
    }

    public static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, Uri url)
    {
        if (IPAddress.TryParse(url.Host, out var address))
        {
            kestrel.Listen(address, url.Port);
        }
        else if (url.Host == "localhost")
        {
            kestrel.ListenLocalhost(url.Port);
        }
        else
        {
            kestrel.ListenAnyIP(url.Port);
        }
    }
}
