using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Api;
using Dweb.Functions.Coes;
using Dweb.Functions.Identity;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Scheduling.Member;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Hosting;

/// <summary>The program as a scheduler member: its own key, its own chain node, its own ears, and nothing of anybody else's.</summary>
internal static partial class MemberProgram
{
    public const string Role = "scheduler";
    private const long LargestBody = 1024 * 1024;

    /// <returns>The exit code.</returns>
    /// <exception cref="DwebException">Why it cannot start.</exception>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var settings = new SettingsReader(builder.Configuration).ReadMember();
        Startup.CheckPortIsFree(settings, handlerPort: null);
        using var http = new HttpClient();
        var key = Task.Run(() => ChainAccess.OpenScheduler(settings.Keystore));
        var chain = await ChainAccess.OpenAsync(settings, http, CancellationToken.None);
        await using var app = Build(builder, settings, chain, await key);

        // Both count from the start of the process, not from their first use.
        _ = app.Services.GetRequiredService<AgentRequests>();
        _ = app.Services.GetRequiredService<Heartbeats>();
        await app.Services.GetRequiredService<ChainIndexer>().InitialiseAsync(CancellationToken.None);
        var committee = app.Services.GetRequiredService<MarketHistory>().Newest.Governed.Committee;
        if (!committee.Members.Contains((await key).Address))
        {
            LogNoMember(app.Logger, (await key).Address.ToString(), committee.Epoch);
        }

        await app.Services.GetRequiredService<MemberWarmUp>().RunAsync(CancellationToken.None);
        await Startup.ListenAsync(app, settings, handlerPort: null, CancellationToken.None);
        app.Services.GetRequiredService<Heartbeats>().Begin();
        await app.WaitForShutdownAsync();
        return 0;
    }

    // It may be made one at any time.
    [LoggerMessage(EventId = 7104, Level = LogLevel.Warning, Message = "{Key} is no member of the committee of epoch {Epoch}: what it signs does not count")]
    private static partial void LogNoMember(ILogger logger, string key, ulong epoch);

    private static WebApplication Build(WebApplicationBuilder builder, MemberSettings settings, ChainAccess chain, PrivateKey key)
    {
        var services = builder.Services;
        Composition.AddLogging(builder);
        Tracing.Telemetry.Add(services, builder.Configuration, "dweb-member");
        services.AddSingleton(settings);
        services.AddSingleton<ProgramSettings>(settings);
        services.AddSingleton<TimeProvider>(new ForwardTime(TimeProvider.System));
        services.AddSingleton<ISigner>(key);
        services.AddSingleton<Outages>();
        Composition.AddChain(services, chain, IndexPace.EveryBlock);
        services.AddSingleton<IIndexStore, NoIndexStore>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<AgentRequests>();
        services.AddSingleton<HearingCheck>();
        services.AddSingleton<MemberNode>();
        services.AddSingleton<MessageTerms>();
        services.AddSingleton<OrderCheck>();
        services.AddSingleton<PlanCheck>();
        services.AddSingleton<FaultCheck>();
        services.AddSingleton<PlacementComparison>();
        services.AddSingleton<DueUpgrades>();
        services.AddSingleton<UpgradeCheck>();
        services.AddSingleton<MemberReports>();
        ServingExaminations.Add<MemberReports>(services, settings.ProbePrivateAddresses);
        services.AddSingleton<VerdictCheck>();
        services.AddSingleton<SigningDesk>();
        services.AddSingleton<MemberWarmUp>();
        services.AddHostedService<HearingWatch>();
        MemberApi.AddLimits(services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            Composition.Listen(kestrel, settings.ListenUrl);
        });
        var app = builder.Build();
        MemberApi.Map(app);
        return app;
    }
}
