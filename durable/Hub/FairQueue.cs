using System.Diagnostics.CodeAnalysis;

namespace Dweb.Durable.Hub;

/// <summary>
/// Work of many owners for a number of places. Owners take turns, and one owner has at most three of four places, so that one with endless work
/// leaves room for the others.
/// </summary>
internal sealed class FairQueue<TOwner, TWork>(int places)
    where TOwner : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TOwner, Queue<TWork>> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TOwner, int> _running = new(ReferenceEqualityComparer.Instance);
    private readonly LinkedList<TOwner> _turns = [];
    private readonly int _mostOfOne = Math.Max(1, places - (places / 4));
    private int _taken;

    public void Add(TOwner owner, TWork work)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(owner, out var queue))
            {
                _waiting.Add(owner, queue = []);
                _turns.AddLast(owner);
            }
            queue.Enqueue(work);
        }
    }

    /// <summary>Takes a place and the work of the owner whose turn it is; false when no place is free or nobody may take it.</summary>
    public bool TryTake([NotNullWhen(true)] out TOwner? owner, [MaybeNullWhen(false)] out TWork work)
    {
        lock (_gate)
        {
            for (var turn = _taken < places ? _turns.First : null; turn is not null; turn = turn.Next)
            {
                owner = turn.Value;
                var running = _running.GetValueOrDefault(owner);
                if (running >= _mostOfOne)
                {
                    continue;
                }
                _turns.Remove(turn);
                var queue = _waiting[owner];
                work = queue.Dequeue();
                if (queue.Count > 0)
                {
                    _turns.AddLast(turn);
                }
                else
                {
                    _waiting.Remove(owner);
                }
                _running[owner] = running + 1;
                _taken++;
                return true;
            }
            (owner, work) = (null, default);
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Done(TOwner owner)
    {
        lock (_gate)
        {
            _taken--;
            if (--_running[owner] == 0)
            {
                _running.Remove(owner);
            }
        }
    }
}
