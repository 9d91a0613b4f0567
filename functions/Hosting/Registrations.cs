using Dweb.Durable;
using Dweb.Functions.Activities;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Hosting;

/// <summary>What the worker can run, and the hub that runs it in this process.</summary>
internal static class Registrations
{
    public static OrchestrationRegistry Create(IServiceProvider provider) => new OrchestrationRegistry()
        .AddOrchestration(Definitions.DeploymentLifecycle, DeploymentLifecycle.RunAsync)
        .AddOrchestration(Definitions.Settlement, Settlement.RunAsync)
        .AddActivity(Definitions.AdmitAndOpen, (_, input, ct) => provider.GetRequiredService<AdmitAndOpen>().RunAsync(input, ct))
        .AddActivity(Definitions.CommitOrder, (_, commit, ct) => provider.GetRequiredService<CommitOrder>().RunAsync(commit, ct))
        .AddActivity(Definitions.SettleUsage, (_, _, ct) => provider.GetRequiredService<SettleUsage>().RunAsync(ct))
        .AddActivity(Definitions.RenewDue, (_, _, ct) => provider.GetRequiredService<RenewDue>().RunAsync(ct))
        .AddActivity(Definitions.CloseDue, (_, _, ct) => provider.GetRequiredService<CloseDue>().RunAsync(ct))
        .AddActivity(Definitions.ParkDue, (_, _, ct) => provider.GetRequiredService<ParkDue>().RunAsync(ct));

    public static EmbeddedHub CreateHub(IServiceProvider provider, ControlPlaneSettings settings)
    {
        var storage = provider.GetRequiredService<StorageAccount>();
        var registry = provider.GetRequiredService<OrchestrationRegistry>();
        var worker = new OrchestratorWorker(registry, provider.GetRequiredService<ILogger<OrchestratorWorker>>());
        var options = new EmbeddedHubOptions
        {
            HubName = StorageAccount.Prefix + "Hub",
            Tables = storage.Tables,
            Blobs = storage.Blobs,
            LockDirectory = Path.Combine(settings.DataFolder, "hub"),
        };
        return new EmbeddedHub(
            options, (request, ct) => new(worker.ExecuteAsync(request, ct)), new ActivityWorker(registry).ExecuteAsync,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<EmbeddedHub>>());
    }
}
