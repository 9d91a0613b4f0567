using System.Globalization;

namespace Dweb.Local.Test.Contracts;

/// <summary>Measured figures beside the committed ones.</summary>
/// <param name="Failures">Figures that rose by more than 5 %, are new, or were not measured.</param>
/// <param name="Notices">Figures that fell: good news that the files do not tell yet.</param>
internal sealed record GasComparison(IReadOnlyList<string> Failures, IReadOnlyList<string> Notices)
{
    public const int MostPercent = 5;

    public static GasComparison Of(GasValues committed, GasValues measured)
    {
        var old = committed.All.ToDictionary(v => (v.Group, v.Name), v => v.Value);
        var found = measured.All.ToDictionary(v => (v.Group, v.Name), v => v.Value);
        List<string> failures = [.. old.Keys.Except(found.Keys).Select(k => $"{k.Group}: '{k.Name}' is in the snapshot and was not measured")];
        List<string> notices = [];
        foreach (var (key, value) in found)
        {
            if (!old.TryGetValue(key, out var before))
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{key.Group}: '{key.Name}' is {value} and in no snapshot"));
            }
            else if (value * 100 > before * (100 + MostPercent))
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{key.Group}: '{key.Name}' rose from {before} to {value}, by more than {MostPercent} %"));
            }
            else if (value < before)
            {
                notices.Add(string.Create(CultureInfo.InvariantCulture, $"{key.Group}: '{key.Name}' fell from {before} to {value}"));
            }
        }

        return new GasComparison(failures, notices);
    }
}
