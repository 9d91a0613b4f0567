using Dweb.Core.Placement.Filters;

namespace Dweb.Core.Placement;

/// <summary>Who can take a slot now, and which filter refused the others.</summary>
internal sealed class Feasibility
{
    private readonly int[] removed = new int[PlacementPolicy.Filters.Count];

    private Feasibility()
    {
    }

    public List<Candidate> Candidates { get; } = [];

    /// <summary>Those that every other filter accepts.</summary>
    public List<Candidate> Silent { get; } = [];

    public IReadOnlyList<FilterCount> Removed =>
        [.. PlacementPolicy.Filters.Zip(removed, static (filter, count) => new FilterCount(filter.Name, filter.Reason, count)).Where(static f => f.Count > 0)];

    public static Feasibility Of(SlotContext context, IReadOnlyList<Candidate> candidates)
    {
        var result = new Feasibility();
        foreach (var candidate in candidates)
        {
            int refusing = FirstRefusing(context, candidate);
            if (refusing < 0)
            {
                result.Candidates.Add(candidate);
                continue;
            }

            result.removed[refusing]++;
            if (PlacementPolicy.Filters[refusing] is LivenessFilter)
            {
                result.Silent.Add(candidate);
            }
        }

        return result;
    }

    private static int FirstRefusing(SlotContext context, Candidate candidate)
    {
        var filters = PlacementPolicy.Filters;
        for (int i = 0; i < filters.Count; i++)
        {
            if (!filters[i].Accepts(context, candidate))
            {
                return i;
            }
        }

        return -1;
    }
}
