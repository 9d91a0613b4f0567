using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes.Docker;

internal static class DockerFilters
{
    public static Dictionary<string, IDictionary<string, bool>> OfCoe(Hash32 coe) => new(StringComparer.Ordinal)
    {
        ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{ContainerNames.CoeLabel}={coe}"] = true },
    };
}
