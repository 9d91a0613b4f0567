namespace Dweb.Durable.Hub;

/// <summary>Instances that wait with their history in memory, longest first. Beyond a number the longest gives its history up and reads it again when it is woken.</summary>
internal sealed class IdleInstances(int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<InstanceActor> _order = [];
    private readonly Dictionary<InstanceActor, LinkedListNode<InstanceActor>> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gives the one that has to leave memory for it, if any.</summary>
    public InstanceActor? Add(InstanceActor instance)
    {
        lock (_gate)
        {
            _nodes.Add(instance, _order.AddLast(instance));
            if (_nodes.Count <= most)
            {
                return null;
            }
            var longest = _order.First!.Value;
            _order.RemoveFirst();
            _nodes.Remove(longest);
            return longest;
        }
    }

    public void Remove(InstanceActor instance)
    {
        lock (_gate)
        {
            if (_nodes.Remove(instance, out var node))
            {
                _order.Remove(node);
            }
        }
    }
}
