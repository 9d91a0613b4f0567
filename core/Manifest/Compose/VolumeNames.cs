namespace Dweb.Core.Manifest.Compose;

/// <summary><c>volumes</c> at the top of the file: names only, as Compose wants them declared.</summary>
internal static class VolumeNames
{
    /// <exception cref="Protocol.Errors.DwebException">A name is not declared, or two services use it.</exception>
    public static void Check(ComposeNode? declared, ComposeMap services, IReadOnlyList<ServicePlan> plans)
    {
        var names = new List<string>();
        foreach (var (key, value) in declared?.AsMap().Entries ?? [])
        {
            names.Add(ComposeMap.NameOf(key));
            if (!value.IsNull)
            {
                value.AsMap().Allow();
            }
        }

        foreach (var used in plans.SelectMany(static plan => plan.Volumes.Select(volume => (plan.Name, Volume: volume.Name))).Where(static used => used.Volume is not null).Distinct()
            .GroupBy(static used => used.Volume!, static used => used.Name, StringComparer.Ordinal))
        {
            var service = services.Require(used.First());
            if (!names.Contains(used.Key, StringComparer.Ordinal))
            {
                throw service.Malformed($"uses a volume '{used.Key}' that the file does not declare; write 'volumes: {{ {used.Key}: }}' at the top");
            }

            if (used.Count() > 1)
            {
                throw services.Require(used.Last()).Unsupported($"uses the volume '{used.Key}' of service '{used.First()}': no two replicas share a volume");
            }
        }
    }
}
