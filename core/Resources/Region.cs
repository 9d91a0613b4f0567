namespace Dweb.Core.Resources;

/// <summary>A region is a number from 0 to 63 on chain and a name for people. The list only grows: a number never changes its name.</summary>
public static class Region
{
    private static readonly string[] Names =
    [
        "eu-central", "eu-west", "eu-north", "eu-south", "eu-east", "uk", "us-east", "us-central", "us-west", "ca-central",
        "sa-east", "af-south", "af-north", "me-central", "me-west", "in-west", "in-south", "ap-southeast", "ap-northeast", "ap-east",
        "au-southeast", "nz",
    ];

    public static IReadOnlyList<string> All => Names;

    public static bool TryParse(string name, out byte region)
    {
        int index = Array.IndexOf(Names, name);
        region = index < 0 ? (byte)0 : (byte)index;
        return index >= 0;
    }

    /// <summary>The name of a region, or <c>region-N</c> where a newer registry knows more than this program.</summary>
    public static string NameOf(byte region) => region < Names.Length ? Names[region] : $"region-{region}";

    /// <summary>Bit r allows region r; an empty list allows every region and gives 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A region above 63.</exception>
    public static ulong MaskOf(IReadOnlyList<byte> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        ulong mask = 0;
        foreach (byte region in regions)
        {
            mask |= region < 64 ? 1UL << region : throw new ArgumentOutOfRangeException(nameof(regions), region, "Regions are 0 to 63.");
        }

        return mask;
    }

    public static bool Allows(ulong mask, byte region) => mask == 0 || (region < 64 && (mask & (1UL << region)) != 0);
}
