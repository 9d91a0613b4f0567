using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

public sealed class OrchestratorWorker(OrchestrationRegistry registry, ILogger<OrchestratorWorker>? logger = null)
{
    public byte[] Execute(ReadOnlyMemory<byte> orchestratorRequest) => throw new NotSupportedException($"{registry.OrchestrationNames.Count} {logger is null} {orchestratorRequest.Length}");
}
