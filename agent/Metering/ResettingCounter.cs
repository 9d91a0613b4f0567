using System.Text.Json.Serialization;

namespace Dweb.Agent.Metering;

/// <summary>Adds up a counter that starts again at zero with every run of a container, and that may be read late or twice.</summary>
/// <param name="Past">Of runs that are over.</param>
/// <param name="Current">Last reading of this run.</param>
internal readonly record struct ResettingCounter(UInt128 Past, ulong Current)
{
    public static ResettingCounter Zero => default;

    [JsonIgnore]
    public UInt128 Total => Past + Current;

    /// <summary>A lower reading than the last can only come from a counter that was reset.</summary>
    public ResettingCounter Read(ulong value) => value >= Current ? this with { Current = value } : new(Past + Current, value);

    public ResettingCounter Restart() => new(Past + Current, 0);
}
