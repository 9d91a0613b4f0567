using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Indexing;

/// <summary>Entities of one kind by id, whose changes can be undone.</summary>
internal sealed class MarketTable<T>(string kind, MarketJournal journal) : IReadOnlyDictionary<Hash32, T>
    where T : class
{
    private readonly ConcurrentDictionary<Hash32, T> entities = new();

    public IEnumerable<Hash32> Keys => entities.Keys;

    public IEnumerable<T> Values => entities.Values;

    public int Count => entities.Count;

    public T this[Hash32 id]
    {
        get => entities[id];
        set => journal.Do(new MarketKey(kind, id), () =>
        {
            var before = entities.GetValueOrDefault(id);
            entities[id] = value;
            return () => Restore(id, before);
        });
    }

    /// <summary>Without effect where there is none.</summary>
    public void Remove(Hash32 id)
    {
        if (entities.TryGetValue(id, out var before))
        {
            journal.Do(new MarketKey(kind, id), () =>
            {
                entities.TryRemove(id, out _);
                return () => Restore(id, before);
            });
        }
    }

    public bool ContainsKey(Hash32 id) => entities.ContainsKey(id);

    public bool TryGetValue(Hash32 id, [MaybeNullWhen(false)] out T value) => entities.TryGetValue(id, out value);

    public void Clear() => entities.Clear();

    public IEnumerator<KeyValuePair<Hash32, T>> GetEnumerator() => entities.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Restore(Hash32 id, T? before)
    {
        if (before is null)
        {
            entities.TryRemove(id, out _);
        }
        else
        {
            entities[id] = before;
        }
    }
}
