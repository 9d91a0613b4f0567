using Dweb.Core.Protocol.Errors;

namespace Dweb.Functions.Hosting;

/// <summary>What runs the orchestrations, as far as the program's start and end must know it. Everything else knows the client alone.</summary>
internal interface IOrchestrationEngine
{
    /// <summary>Cancelled when the engine can go on no more; the process is to end.</summary>
    CancellationToken Lost { get; }

    /// <exception cref="DwebException">Another process has the orchestrations.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes no new work, waits for what runs, and gives back what it holds.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
