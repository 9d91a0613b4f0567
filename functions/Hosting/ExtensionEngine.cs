namespace Dweb.Functions.Hosting;

/// <summary>The Durable Functions extension of the host: it starts before this program, and outlives it.</summary>
internal sealed class ExtensionEngine : IOrchestrationEngine
{
    public CancellationToken Lost => CancellationToken.None;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
