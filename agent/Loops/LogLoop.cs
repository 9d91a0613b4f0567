using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Loops;

/// <summary>Answers one control plane's requests for the last lines of a lease's log.</summary>
internal sealed class LogLoop(ControlPlaneLink plane, LeaseTable table, IContainerRuntime runtime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var request in plane.Logs.Waiting.ReadAllAsync(stoppingToken))
        {
            try
            {
                await plane.Client.AnswerLogAsync(request.RequestId, await ReadAsync(request, stoppingToken), stoppingToken);
            }
            catch (ControlPlaneException failure)
            {
                plane.Failures.Note(failure);
            }
        }
    }

    private async Task<LogAnswer> ReadAsync(LogRequest request, CancellationToken cancellationToken)
    {
        if (!table.Knows(request.LeaseId))
        {
            return new LogAnswer([], Truncated: false, "This COE does not run the lease.");
        }

        try
        {
            var tail = (await runtime.ReadLogAsync(ContainerNames.Of(request.LeaseId), request.Tail, cancellationToken)).After(request.After);
            return new LogAnswer(tail.Lines, tail.Truncated, Error: null, tail.Mark ?? request.After);
        }
        catch (RuntimeException failure)
        {
            return new LogAnswer([], Truncated: false, failure.Message);
        }
    }
}
