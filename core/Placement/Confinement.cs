using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>
/// The COEs on which the services of an order may run, where its user signed which: those that can open their secrets. The chain keeps the hash of the list, so
/// that whoever is told the list can tell whether it is the right one.
/// </summary>
public static class Confinement
{
    /// <summary>Every service may run everywhere.</summary>
    public static IReadOnlyDictionary<ushort, IReadOnlySet<Hash32>> None { get; } = new Dictionary<ushort, IReadOnlySet<Hash32>>();

    /// <summary>Whether this is the list that the user signed.</summary>
    public static bool IsOf(Service service, IReadOnlyList<Hash32> coes) => service.PlacementHash == new PlacementPreferences(coes).Hash();

    /// <summary>By the services' indexes. A confined service whose list is not known, or another, may run nowhere until it is.</summary>
    /// <param name="lists">What is known of them.</param>
    public static IReadOnlyDictionary<ushort, IReadOnlySet<Hash32>> Of(IReadOnlyList<Service> services, IReadOnlyList<ServiceCoes> lists)
    {
        var confined = new Dictionary<ushort, IReadOnlySet<Hash32>>();
        for (ushort i = 0; i < services.Count; i++)
        {
            if (!services[i].PlacementHash.IsZero)
            {
                confined[i] = lists.FirstOrDefault(list => list.Service == i && IsOf(services[i], list.Coes)) is { } list ? list.Coes.ToHashSet() : new HashSet<Hash32>();
            }
        }

        return confined;
    }

    /// <summary>Those of a quote, which nobody has signed yet.</summary>
    public static IReadOnlyDictionary<ushort, IReadOnlySet<Hash32>> Of(IReadOnlyList<ServiceCoes> lists) => lists
        .GroupBy(static list => list.Service)
        .ToDictionary(static list => list.Key, static IReadOnlySet<Hash32> (list) => list.SelectMany(static one => one.Coes).ToHashSet());
}
