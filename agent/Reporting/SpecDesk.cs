using Dweb.Agent.Leases;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>Specs that one control plane lacks of leases that it lists: it was wiped, or the order came to another one.</summary>
internal sealed class SpecDesk(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Hash32, Hash32> wanted = [];

    /// <summary>Something is wanted that was not before.</summary>
    public WakeSignal Asked { get; } = new(time);

    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return wanted.Count == 0;
            }
        }
    }

    /// <summary>Takes the whole desired set, which replaces what was wanted.</summary>
    public void Take(AssignmentsDocument document)
    {
        lock (gate)
        {
            wanted.Clear();
            foreach (var lease in document.Leases.Where(static lease => lease.Spec.Length == 0 && lease.Service < lease.Order.Services.Count))
            {
                wanted[lease.LeaseId] = lease.Order.Services[lease.Service].SpecHash;
            }
        }

        Asked.Set();
    }

    /// <summary>Those of the wanted that are here, by their hash.</summary>
    /// <param name="find">Gives a lease's spec of that hash, or null.</param>
    public IReadOnlyDictionary<Hash32, string> Find(Func<Hash32, Hash32, string?> find)
    {
        var found = new Dictionary<Hash32, string>();
        lock (gate)
        {
            foreach (var (lease, hash) in wanted)
            {
                if (!found.ContainsKey(hash) && find(lease, hash) is { } spec)
                {
                    found[hash] = spec;
                }
            }
        }

        return found;
    }

    /// <summary>It has them now; where it does not, its next set says so again.</summary>
    /// <param name="specs">Their hashes.</param>
    public void Given(IEnumerable<Hash32> specs)
    {
        var given = specs.ToHashSet();
        lock (gate)
        {
            foreach (var lease in wanted.Where(pair => given.Contains(pair.Value)).Select(static pair => pair.Key).ToList())
            {
                wanted.Remove(lease);
            }
        }
    }
}
