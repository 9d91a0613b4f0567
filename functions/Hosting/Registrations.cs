using Dweb.Durable;
using Dweb.Durable.Extension;
using Dweb.Functions.Activities;
using Dweb.Functions.Leases;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Reconciling;
using Dweb.Functions.Settings;
using Dweb.Functions.Settling;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Hosting;

/// <summary>What the worker can run, and the engine that runs it: the host's extension under a Functions host, a hub in this process alone.</summary>
internal static class Registrations
{
    public static void AddEngine(IServiceCollection services, ControlPlaneSettings settings)
    {
        services.AddSingleton(Create);
        services.AddSingleton(static provider =>
            new OrchestratorWorker(provider.GetRequiredService<OrchestrationRegistry>(), provider.GetRequiredService<ILogger<OrchestratorWorker>>()));
        services.AddSingleton(static provider => new ActivityWorker(provider.GetRequiredService<OrchestrationRegistry>()));
        if (settings.FunctionsHost is { } host)
        {
            services.AddSingleton(new ExtensionEndpoint(host));
            services.AddSingleton<ExtensionWorker>();
            services.AddSingleton<IOrchestrationClient, ExtensionClient>();
            services.AddSingleton<IOrchestrationEngine, ExtensionEngine>();
        }
        else
        {
            services.AddSingleton(provider => CreateHub(provider, settings));
            services.AddSingleton<IOrchestrationClient>(static provider => provider.GetRequiredService<EmbeddedHub>());
            services.AddSingleton<IOrchestrationEngine, EmbeddedEngine>();
        }
    }

    private static OrchestrationRegistry Create(IServiceProvider provider) => new OrchestrationRegistry()
        .AddOrchestration(Definitions.DeploymentLifecycle, DeploymentLifecycle.RunAsync)
        .AddOrchestration(Definitions.Settlement, Settlement.RunAsync)
        .AddOrchestration(Definitions.DisputeHearing, DisputeHearing.RunAsync)
        .AddOrchestration(Definitions.CoeHealth, CoeHealth.RunAsync)
        .AddOrchestration(Definitions.Reconciliation, Reconciliation.RunAsync)
        .AddOrchestration(Definitions.RollingUpgrade, RollingUpgrade.RunAsync)
        .AddActivity(Definitions.AdmitAndOpen, (_, input, ct) => provider.GetRequiredService<AdmitAndOpen>().RunAsync(input, ct))
        .AddActivity(Definitions.ReadLeases, (_, input, ct) => provider.GetRequiredService<LeaseStandings>().ReadAsync(input, ct))
        .AddActivity(Definitions.UpgradeNext, (_, step, ct) => provider.GetRequiredService<UpgradeNext>().RunAsync(step, ct))
        .AddActivity(Definitions.JudgeBatch, (_, batch, ct) => provider.GetRequiredService<JudgeBatch>().RunAsync(batch, ct))
        .AddActivity(Definitions.CommitRollout, (_, commit, ct) => provider.GetRequiredService<Rollouts>().CommitAsync(commit, ct))
        .AddActivity(Definitions.ReplaceLeases, (_, input, ct) => provider.GetRequiredService<ReplaceLeases>().RunAsync(input, ct))
        .AddActivity(Definitions.CommitOrder, (_, commit, ct) => provider.GetRequiredService<CommitOrder>().RunAsync(commit, ct))
        .AddActivity(Definitions.CollectUsage, (_, input, ct) => provider.GetRequiredService<CollectUsage>().RunAsync(input, ct))
        .AddActivity(Definitions.SettleUsage, (_, part, ct) => provider.GetRequiredService<SettleUsage>().RunAsync(part, ct))
        .AddActivity(Definitions.QuarantineUsage, (_, bad, ct) => provider.GetRequiredService<Quarantine>().PutAsync(bad, ct))
        .AddActivity(Definitions.RenewDue, (_, _, ct) => provider.GetRequiredService<RenewDue>().RunAsync(ct))
        .AddActivity(Definitions.CloseDue, (_, _, ct) => provider.GetRequiredService<CloseDue>().RunAsync(ct))
        .AddActivity(Definitions.ParkDue, (_, _, ct) => provider.GetRequiredService<ParkDue>().RunAsync(ct))
        .AddActivity(Definitions.ProbeDispute, (_, input, ct) => provider.GetRequiredService<ProbeDispute>().RunAsync(input, ct))
        .AddActivity(Definitions.GiveVerdict, (_, input, ct) => provider.GetRequiredService<GiveVerdict>().RunAsync(input, ct))
        .AddActivity(Definitions.TendSilentCoe, (_, silence, ct) => provider.GetRequiredService<TendSilentCoe>().RunAsync(silence, ct))
        .AddActivity(Definitions.ComparePage, (_, page, ct) => provider.GetRequiredService<CompareState>().PageAsync(page, ct))
        .AddActivity(Definitions.JudgeFindings, (_, found, ct) => provider.GetRequiredService<CompareState>().JudgeAsync(found, ct))
        .AddActivity(Definitions.RepairFindings, (_, found, ct) => provider.GetRequiredService<CompareState>().RepairAsync(found, ct))
        .AddActivity(Definitions.KeepReport, (_, report, ct) => provider.GetRequiredService<ReconciliationReports>().KeepAsync(report, ct));

    private static EmbeddedHub CreateHub(IServiceProvider provider, ControlPlaneSettings settings)
    {
        var storage = provider.GetRequiredService<StorageAccount>();
        var worker = provider.GetRequiredService<OrchestratorWorker>();
        var activities = new ReadyActivities(provider.GetRequiredService<ActivityWorker>(), provider.GetRequiredService<Readiness>());
        var options = new EmbeddedHubOptions
        {
            HubName = StorageAccount.Prefix + "Hub",
            Tables = storage.Tables,
            Blobs = storage.Blobs,
            LockDirectory = Path.Combine(settings.DataFolder, "hub"),
        };
        return new EmbeddedHub(
            options, (request, ct) => new(worker.ExecuteAsync(request, ct)), activities.ExecuteAsync, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EmbeddedHub>>());
    }
}
