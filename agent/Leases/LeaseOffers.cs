using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Leases;

/// <summary>
/// What each control plane says of one lease, as it last said it. One of them is tried until a check refuses it; then the next, so that a control plane
/// that lies keeps no lease from running that another one tells the truth about.
/// </summary>
internal sealed class LeaseOffers
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uri, Offer> offers = [];

    public bool Any
    {
        get
        {
            lock (gate)
            {
                return offers.Count > 0;
            }
        }
    }

    public IReadOnlyList<string> Specs
    {
        get
        {
            lock (gate)
            {
                return [.. offers.Values.Select(static offer => offer.Assignment.Spec).Where(static spec => spec.Length > 0)];
            }
        }
    }

    public void Put(Uri plane, AssignmentDocument assignment)
    {
        lock (gate)
        {
            bool isRefused = offers.TryGetValue(plane, out var known) && known.IsRefused && known.Assignment with { Stop = assignment.Stop } == assignment;
            offers[plane] = new Offer(assignment, isRefused);
        }
    }

    /// <returns>False where that control plane had not listed the lease.</returns>
    public bool Remove(Uri plane)
    {
        lock (gate)
        {
            return offers.Remove(plane);
        }
    }

    /// <summary>What is to be tried: the same as before while somebody says so and no check has refused it.</summary>
    /// <param name="last">What was tried; null for nothing.</param>
    /// <param name="isRefused">A check has refused that.</param>
    /// <returns>Null when nothing is left to be tried.</returns>
    public AssignmentDocument? Find(AssignmentDocument? last, bool isRefused)
    {
        lock (gate)
        {
            if (last is not null && isRefused)
            {
                Refuse(last);
            }

            List<AssignmentDocument> open =
                [.. offers.Values.Where(static offer => !offer.IsRefused).Select(static offer => offer.Assignment).OrderByDescending(static offered => offered.Spec.Length > 0)];
            return open.Find(offered => last is not null && IsSame(offered, last)) ?? open.FirstOrDefault();
        }
    }

    /// <summary>The one after it, in a circle, whatever was found of either: what the chain refused once it may take later.</summary>
    public AssignmentDocument After(AssignmentDocument last)
    {
        lock (gate)
        {
            List<AssignmentDocument> all = [.. offers.Values.Select(static offer => offer.Assignment)];
            int at = all.FindIndex(offered => IsSame(offered, last));
            return all.Count == 0 ? last : all[(at + 1) % all.Count];
        }
    }

    private void Refuse(AssignmentDocument refused)
    {
        foreach (var (plane, offer) in offers.Where(pair => IsSame(pair.Value.Assignment, refused)).ToList())
        {
            offers[plane] = offer with { IsRefused = true };
        }
    }

    // One that is without a spec says nothing else of it.
    private static bool IsSame(AssignmentDocument a, AssignmentDocument b) =>
        a with { Stop = false, Spec = "" } == b with { Stop = false, Spec = "" } && (a.Spec == b.Spec || a.Spec.Length == 0 || b.Spec.Length == 0);

    private sealed record Offer(AssignmentDocument Assignment, bool IsRefused);
}
