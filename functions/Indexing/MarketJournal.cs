using Dweb.Core.Protocol;

namespace Dweb.Functions.Indexing;

/// <summary>
/// What the market held before each change of the newest blocks, so that it can go back to a block that is still on the chain when those after it were
/// replaced. One lock for all changes keeps the order of what is noted that of what was done.
/// </summary>
internal sealed class MarketJournal
{
    /// <summary>Marks that are kept; a chain that goes back further is read anew.</summary>
    public const int MostMarks = 128;

    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private readonly List<Mark> marks = [];

    /// <summary>Block to which changes belong that are being made.</summary>
    public ulong Block { get; set; }

    /// <summary>Marks from the newest back.</summary>
    public IReadOnlyList<IndexCursor> Marks
    {
        get
        {
            lock (gate)
            {
                return [.. marks.Select(static mark => mark.At).Reverse()];
            }
        }
    }

    /// <summary>Makes a change and remembers how it is undone.</summary>
    /// <param name="change">Returns what undoes it.</param>
    public void Do(MarketKey key, Func<Action> change)
    {
        lock (gate)
        {
            entries.Add(new Entry(Block, key, change()));
        }
    }

    /// <summary>All changes up to a block have been made.</summary>
    public void Set(IndexCursor mark)
    {
        lock (gate)
        {
            marks.Add(new Mark(mark, entries.Count));
            if (marks.Count <= MostMarks)
            {
                return;
            }

            int gone = marks[0].Entries;
            entries.RemoveRange(0, gone);
            marks.RemoveAt(0);
            for (int i = 0; i < marks.Count; i++)
            {
                marks[i] = marks[i] with { Entries = marks[i].Entries - gone };
            }
        }
    }

    /// <summary>Something of a block after this one was shown of an entity.</summary>
    public bool IsAhead(MarketKey key, ulong block)
    {
        lock (gate)
        {
            return entries.Exists(entry => entry.Block > block && entry.Key.Kind == key.Kind && entry.Key.Id == key.Id);
        }
    }

    /// <summary>Undoes all changes after a mark.</summary>
    /// <returns>What they had changed; null when there is no such mark, or when something of a later block was shown before it.</returns>
    public IReadOnlyCollection<MarketKey>? GoBackTo(IndexCursor mark)
    {
        lock (gate)
        {
            int index = marks.FindIndex(m => m.At == mark);
            if (index < 0 || entries.Take(marks[index].Entries).Any(entry => entry.Block > mark.Block))
            {
                return null;
            }

            var touched = new HashSet<MarketKey>();
            for (int i = entries.Count - 1; i >= marks[index].Entries; i--)
            {
                entries[i].Undo();
                touched.Add(entries[i].Key);
            }

            entries.RemoveRange(marks[index].Entries, entries.Count - marks[index].Entries);
            marks.RemoveRange(index + 1, marks.Count - index - 1);
            return touched;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            marks.Clear();
        }
    }

    private sealed record Entry(ulong Block, MarketKey Key, Action Undo);

    private sealed record Mark(IndexCursor At, int Entries);
}

/// <summary>An entity of the market.</summary>
/// <param name="Kind">One of <see cref="MarketKind"/>.</param>
/// <param name="OrderHash">Of a lease, its order's; zero of others.</param>
internal readonly record struct MarketKey(string Kind, Hash32 Id, Hash32 OrderHash = default)
{
    /// <summary>The order whose story it is part of; null for none.</summary>
    public Hash32? Order => Kind == MarketKind.Order ? Id : OrderHash.IsZero ? null : OrderHash;
}

/// <summary>Kinds of entities, as rows of the index are named.</summary>
internal static class MarketKind
{
    public const string Coe = "coe";
    public const string Image = "image";
    public const string Channel = "channel";
    public const string Repository = "repository";
    public const string Release = "release";
    public const string Order = "order";
    public const string Lease = "lease";

    public static IReadOnlyList<string> All { get; } = [Coe, Image, Channel, Repository, Release, Order, Lease];
}
