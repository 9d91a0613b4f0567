using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Bench;

/// <summary>How a figure stands to its limit.</summary>
internal enum GasVerdict
{
    /// <summary>Nothing is asked of it: it is there to compare with.</summary>
    NoLimit,
    Within,
    Above,

    /// <summary>Above, and the table of limits says what sets the floor.</summary>
    AboveForAReason,

    /// <summary>There is a limit and no test measured it.</summary>
    NotMeasured,
}

/// <summary>One operation; <paramref name="Value"/> is 0 when it was not measured.</summary>
internal sealed record GasRow(string Group, string Name, long Value, GasLimit? Limit)
{
    public GasVerdict Verdict => this switch
    {
        { Group: "" } => GasVerdict.NotMeasured,
        { Limit: null } => GasVerdict.NoLimit,
        _ when Value <= Limit.Most => GasVerdict.Within,
        { Limit.Floor: not null } => GasVerdict.AboveForAReason,
        _ => GasVerdict.Above,
    };
}

/// <summary>All that was measured beside its limits.</summary>
internal sealed record GasTable(IReadOnlyList<GasRow> Rows)
{
    public bool Ok => Rows.All(r => r.Verdict is not (GasVerdict.Above or GasVerdict.NotMeasured));

    /// <summary>A limit belongs to the figure of that name, whatever its group.</summary>
    public static GasTable Of(GasValues measured, GasLimits limits)
    {
        var rows = measured.All.Select(v => new GasRow(v.Group, v.Name, v.Value, limits.ByName.GetValueOrDefault(v.Name))).ToList();
        var names = rows.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        return new GasTable([.. rows, .. limits.ByName.Where(l => !names.Contains(l.Key)).Select(l => new GasRow("", l.Key, 0, l.Value))]);
    }
}
