using System.Globalization;

namespace Dweb.Functions.Reconciling;

/// <summary>Gathers in which values two records differ, for a sentence.</summary>
internal sealed class Differences
{
    private readonly List<string> expected = [];
    private readonly List<string> found = [];

    public bool Any => expected.Count > 0;

    public void Compare<T>(string name, T chain, T held)
    {
        if (!EqualityComparer<T>.Default.Equals(chain, held))
        {
            Add(name, chain, held);
        }
    }

    public void Compare<T>(string name, IReadOnlyList<T> chain, IReadOnlyList<T> held)
    {
        if (!chain.SequenceEqual(held))
        {
            Add(name, string.Join(' ', chain), string.Join(' ', held));
        }
    }

    public Finding ToFinding(string part, string subject, string kind, string id) =>
        new(part, subject, kind, id, string.Join(", ", expected), string.Join(", ", found));

    private void Add<T>(string name, T chain, T held)
    {
        expected.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {chain}"));
        found.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {held}"));
    }
}
