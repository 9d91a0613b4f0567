using Dweb.Core.Protocol;

namespace Dweb.Core.Placement;

/// <summary>Which COEs a scheduler member hears. The one input that two members may see differently.</summary>
public sealed class Liveness
{
    private readonly IReadOnlySet<Hash32> named;
    private readonly bool namedAreLive;

    private Liveness(IReadOnlySet<Hash32> named, bool namedAreLive)
    {
        this.named = named;
        this.namedAreLive = namedAreLive;
    }

    /// <summary>Only these are live.</summary>
    public static Liveness Of(IEnumerable<Hash32> live) => new(live.ToHashSet(), namedAreLive: true);

    /// <summary>
    /// All but these are live: with <see cref="PlacementResult.LeftOutForLiveness"/> of another member's result, the same placement comes out.
    /// </summary>
    public static Liveness AllBut(IEnumerable<Hash32> silent) => new(silent.ToHashSet(), namedAreLive: false);

    public bool IsLive(Hash32 coe) => named.Contains(coe) == namedAreLive;
}
