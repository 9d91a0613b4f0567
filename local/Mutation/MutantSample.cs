using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dweb.Local.Mutation;

/// <summary>A choice of mutants that a seed fixes: every target gets its share, every kind of change comes in turn.</summary>
internal static class MutantSample
{
    /// <param name="byTarget">The mutants of each target.</param>
    /// <param name="count">How many to take; all when there are not more.</param>
    /// <param name="seed">The same seed takes the same mutants of the same sources.</param>
    public static IReadOnlyList<Mutant> Take(IReadOnlyList<IReadOnlyList<Mutant>> byTarget, int count, int seed)
    {
        var queues = byTarget.Select(mutants => new Queue<Mutant>(Mixed(mutants, seed))).ToList();
        var sizes = queues.ConvertAll(q => q.Count);
        var taken = new int[queues.Count];
        List<Mutant> sample = [];
        while (sample.Count < count && queues.Exists(q => q.Count > 0))
        {
            // The target that has had the smallest part of its mutants is next: shares follow sizes, and the small ones are not left out.
            var next = Enumerable.Range(0, queues.Count).Where(i => queues[i].Count > 0).MinBy(i => (double)taken[i] / sizes[i])!;
            sample.Add(queues[next].Dequeue());
            taken[next]++;
        }

        return sample;
    }

    /// <summary>In an order by the seed that takes one of each operator before it takes a second.</summary>
    private static IEnumerable<Mutant> Mixed(IReadOnlyList<Mutant> mutants, int seed) =>
        mutants.GroupBy(m => m.Operator)
            .SelectMany(kind => kind.OrderBy(m => Lot(m, seed), StringComparer.Ordinal).Select((mutant, round) => (mutant, round)))
            .OrderBy(m => m.round).ThenBy(m => Lot(m.mutant, seed), StringComparer.Ordinal)
            .Select(m => m.mutant);

    /// <summary>Drawn from what the mutant is, so that an edit elsewhere in its file changes nothing about it.</summary>
    private static string Lot(Mutant m, int seed) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{seed}\0{m.File}\0{m.OriginalLine}\0{m.MutatedLine}"))));
}
