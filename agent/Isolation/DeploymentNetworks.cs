using Dweb.Agent.Leases;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Isolation;

/// <summary>
/// Gives each deployment a network of its own. Making one takes an engine a tenth of a second, so that some are kept ready. What is taken is known from the
/// containers themselves: nothing about it is stored.
/// </summary>
internal sealed class DeploymentNetworks(IContainerRuntime runtime, Hash32 coe, AddressRange range, TimeProvider time) : IDisposable
{
    /// <summary>Ready for deployments that come.</summary>
    public const int Spares = 4;

    // Kept when deployments end: more are soon needed where more were.
    private const int MostSpares = 8;

    private readonly NetworkSeats seats = new(range.Count);
    private readonly SemaphoreSlim gate = new(1);
    private volatile bool hasSpare;

    /// <summary>Set when there may be too few or too many networks.</summary>
    public WakeSignal Changed { get; } = new(time);

    /// <summary>Whether one is ready for the next deployment.</summary>
    public bool HasSpare => hasSpare;

    /// <summary>Takes up what a former process left.</summary>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task AdoptAsync(IEnumerable<ContainerSnapshot> containers, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await AddMadeAsync(cancellationToken);
            foreach (var container in containers)
            {
                if (SlotOf(container.Network) is { } slot && ContainerNames.TryRead(container.Name, out var lease)
                    && Hash32.TryParse(container.Labels.GetValueOrDefault(ContainerNames.OrderLabel, ""), out var order))
                {
                    seats.Note(slot, order, lease);
                }
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The lease's network, which is there when this returns. The same lease gets the same one until it is released.</summary>
    /// <exception cref="RuntimeException">The engine does not answer, refuses, or every network is taken.</exception>
    public async Task<NetworkPlan> TakeAsync(Hash32 order, Hash32 lease, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (seats.Take(order, lease) is { } taken)
            {
                return PlanOf(taken);
            }

            int slot = seats.NextUnmade
                ?? throw new RuntimeException(RuntimeFault.Refused, $"All {range.Count} networks of {range} are taken by deployments; give the agent a wider 'networkRange'.");
            await MakeAsync(slot, cancellationToken);
            seats.Note(slot, order, lease);
            return PlanOf(slot);
        }
        finally
        {
            Leave();
            Changed.Set();
        }
    }

    public async Task ReleaseAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        seats.Release(lease);
        Leave();
        Changed.Set();
    }

    /// <summary>Makes and removes networks until there are as many spare ones as there should be, one at a time, so that a deployment that comes waits for one at most.</summary>
    /// <exception cref="RuntimeException">The engine does not answer or refuses.</exception>
    public async Task BalanceAsync(CancellationToken cancellationToken)
    {
        while (await StepAsync(cancellationToken))
        {
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (seats.Free.Count < Spares && seats.NextUnmade is { } missing)
            {
                await MakeAsync(missing, cancellationToken);
                return true;
            }

            if (seats.Free.Count > MostSpares)
            {
                int last = seats.Free[^1];
                await runtime.RemoveNetworkAsync(PlanOf(last).Name, cancellationToken);
                seats.Remove(last);
                return true;
            }

            return false;
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        hasSpare = seats.Free.Count > 0;
        gate.Release();
    }

    private async Task MakeAsync(int slot, CancellationToken cancellationToken)
    {
        await runtime.CreateNetworkAsync(PlanOf(slot), cancellationToken);
        seats.Add(slot);
    }

    private async Task AddMadeAsync(CancellationToken cancellationToken)
    {
        foreach (string name in await runtime.ListNetworksAsync(coe, cancellationToken))
        {
            if (SlotOf(name) is { } slot)
            {
                seats.Add(slot);
            }
        }
    }

    private NetworkPlan PlanOf(int slot) => NetworkPlan.Of(coe, range, slot);

    private int? SlotOf(string? network) =>
        network is not null && NetworkPlan.TryReadSlot(coe, network, out int slot) && slot < range.Count ? slot : null;
}
