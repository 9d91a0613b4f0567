using Dweb.Durable;
using Dweb.Functions.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A hub of its own for orchestrations that are tested alone.</summary>
internal static class AzuriteHub
{
    public static EmbeddedHub Of(StorageAccount storage, OrchestrationRegistry registry)
    {
        var worker = new OrchestratorWorker(registry, NullLogger<OrchestratorWorker>.Instance);
        var options = new EmbeddedHubOptions { HubName = $"hub{Guid.NewGuid():N}", Tables = storage.Tables, Blobs = storage.Blobs };
        return new EmbeddedHub(
            options, (request, ct) => new(worker.ExecuteAsync(request, ct)), new ActivityWorker(registry).ExecuteAsync, TimeProvider.System, NullLogger<EmbeddedHub>.Instance);
    }
}
