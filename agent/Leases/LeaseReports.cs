using System.Globalization;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Leases;

/// <summary>The engine's words as a report.</summary>
internal static class LeaseReports
{
    public static LeaseReport Of(Hash32 leaseId, ContainerSnapshot container, string publicHost)
    {
        if (container.Condition == ContainerCondition.Running)
        {
            return new(leaseId, container.Healthy == false ? LeasePhase.Unhealthy : LeasePhase.Running, UrlsOf(container, publicHost), null, null);
        }

        string how = string.Create(CultureInfo.InvariantCulture, $"exit code {container.ExitCode}");
        string detail = container.OutOfMemory ? how + ", out of memory" : container.Error.Length > 0 ? $"{how}, {container.Error}" : how;
        return new(leaseId, LeasePhase.Exited, [], container.Error.Length > 0 ? Catalogue.EngineFailed.Code : null, detail);
    }

    private static List<string> UrlsOf(ContainerSnapshot container, string publicHost) =>
        [.. container.Ports.OrderBy(static p => p.Key).Select(p => string.Create(CultureInfo.InvariantCulture, $"http://{publicHost}:{p.Value}"))];
}
