using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Startup;

/// <summary>Runs the agent's parts until they are to end.</summary>
internal static class HostRun
{
    /// <returns>How the program ends: as its parts say, or <see cref="ExitStatus.Broke"/> after one of them broke, for a supervisor to start it again.</returns>
    public static async Task<int> UntilEndedAsync(IHost host, ExitStatus exit, CancellationToken cancellationToken)
    {
        // The host logs what a loop threw and stops, as if it had been asked to.
        var loops = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await host.RunAsync(cancellationToken);
        return exit.Code == ExitStatus.Done && loops.Exists(static loop => loop.ExecuteTask is { IsFaulted: true }) ? ExitStatus.Broke : exit.Code;
    }
}
