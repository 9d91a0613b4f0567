namespace Dweb.Agent.Leases;

/// <summary>
/// Whether this agent holds its COE's key, by the last word of each control plane. While none accepts it nothing new is started; what runs goes on. It is
/// over for good once all of them have said that another agent took over: one alone may lie, or have heard only that other.
/// </summary>
/// <param name="planes">All that this agent was configured with.</param>
internal sealed class Standing(IReadOnlyList<Uri> planes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uri, Word> words = planes.ToDictionary(static plane => plane, static _ => Word.None);
    private readonly TaskCompletionSource superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool held;

    private enum Word
    {
        None,
        Accepted,
        Duplicate,
        Superseded,
    }

    public bool MayStart => held && !superseded.Task.IsCompleted;

    /// <summary>Ends when another agent took over for good.</summary>
    public Task Superseded => superseded.Task;

    /// <returns>True when what waited may start now.</returns>
    public bool Accepted(Uri plane)
    {
        bool before = MayStart;
        Take(plane, Word.Accepted);
        return !before && MayStart;
    }

    public void Duplicate(Uri plane) => Take(plane, Word.Duplicate);

    public void Supersede(Uri plane) => Take(plane, Word.Superseded);

    private void Take(Uri plane, Word word)
    {
        lock (gate)
        {
            words[plane] = word;
            held = words.ContainsValue(Word.Accepted);
            if (words.Values.All(static last => last == Word.Superseded))
            {
                superseded.TrySetResult();
            }
        }
    }
}
