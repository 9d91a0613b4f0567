using System.Collections.Concurrent;
using System.Text;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tracing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

/// <summary>A worker for each lease that the agent knows of, whoever told it: its own records, the engine or a control plane.</summary>
/// <param name="planes">All that this agent was configured with.</param>
internal sealed partial class LeaseTable(LeaseServices services, IReadOnlyList<Uri> planes, ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger log = loggers.CreateLogger<LeaseTable>();
    private readonly ConcurrentDictionary<Hash32, (LeaseWorker Worker, Task Running)> workers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock applying = new();
    private readonly HashSet<Uri> heard = [];

    /// <summary>Takes up what a former process left: its records, and containers of this COE that have none.</summary>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        var records = (await services.Store.LoadAsync(cancellationToken)).ToDictionary(static r => r.LeaseId);
        var containers = await services.Runtime.ListAsync(services.Me.Coe, cancellationToken);
        var unmounted = await services.Premises.AdoptAsync(containers, cancellationToken);
        bool isLeftOver = services.Runtime.Lacks.HasFlag(RuntimeCapability.RestartsWithMachine);
        foreach (var container in containers)
        {
            if (!ContainerNames.TryRead(container.Name, out var leaseId))
            {
                continue;
            }

            var known = records.GetValueOrDefault(leaseId) ?? Unknown(leaseId);
            bool runs = container.Condition == ContainerCondition.Running || (container.Condition == ContainerCondition.Exited && known.Assignment is null);

            // The engine was up before the disk, and could not go on with it; or it starts nothing by itself when the machine was restarted.
            bool isToStart = known is { Stage: LeaseStage.Started, Assignment: not null }
                && ((unmounted.Contains(leaseId) && container.Error.Length > 0) || (isLeftOver && container is { Condition: not ContainerCondition.Running, IsKeptRunning: true }));
            records[leaseId] = isToStart ? known with { Stage = LeaseStage.Waiting }
                : known.Stage == LeaseStage.Waiting && runs ? known with { Stage = LeaseStage.Started }
                : known;
        }

        foreach (var leaseId in services.Premises.List())
        {
            records.TryAdd(leaseId, Unknown(leaseId));
        }

        foreach (var record in records.Values)
        {
            Adopted(record.LeaseId, record.Stage);
            Start(record with { Meter = record.Meter.WithFloor(services.Journal.Signed(LeaseHandle.Of(record.LeaseId))) });
        }
    }

    /// <summary>
    /// Brings the workers in line with the whole desired set of one control plane. What runs is the union of these sets: a lease is let go once each of them
    /// has spoken and none lists it.
    /// </summary>
    public void Apply(Uri plane, AssignmentsDocument desired)
    {
        if (desired.Coe != services.Me.Coe)
        {
            ForeignDocument(plane, desired.Coe);
            services.Doubts.Note();
            return;
        }

        lock (applying)
        {
            heard.Add(plane);
            foreach (var assignment in desired.Leases)
            {
                Assign(plane, assignment);
            }

            var listed = desired.Leases.Select(static a => a.LeaseId).ToHashSet();
            foreach (var (worker, _) in workers.Values.Where(entry => !listed.Contains(entry.Worker.LeaseId)))
            {
                if (!worker.Unlist(plane) && heard.Count == planes.Count)
                {
                    worker.Withdraw();
                }
            }
        }
    }

    /// <summary>Something happened to a container.</summary>
    public void Doubt(string containerName)
    {
        if (ContainerNames.TryRead(containerName, out var leaseId) && workers.TryGetValue(leaseId, out var known))
        {
            known.Worker.Doubt();
        }
    }

    /// <summary>Something may have happened to any container.</summary>
    public void DoubtAll()
    {
        foreach (var (worker, _) in workers.Values)
        {
            worker.Doubt();
        }
    }

    public void WakeAll()
    {
        foreach (var (worker, _) in workers.Values)
        {
            worker.Wake(askChain: true);
        }
    }

    /// <summary>Canonical JSON of a lease's spec as this agent keeps it; null where it has none of that hash.</summary>
    public string? FindSpec(Hash32 leaseId, Hash32 specHash) =>
        workers.TryGetValue(leaseId, out var known) ? known.Worker.Specs.FirstOrDefault(spec => Keccak256.Hash(Encoding.UTF8.GetBytes(spec)) == specHash) : null;

    public bool Knows(Hash32 leaseId) => workers.ContainsKey(leaseId);

    /// <summary>Ends the workers between two steps; containers go on.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(workers.Values.Select(static entry => entry.Running));
    }

    /// <summary>After <see cref="StopAsync"/>: stops every container of this COE, and remembers to launch them anew if the key comes back.</summary>
    public async Task RetireAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(workers.Values.Select(entry => entry.Worker.RetireAsync(cancellationToken)));
        var containers = await services.Runtime.ListAsync(services.Me.Coe, cancellationToken);
        await Task.WhenAll(containers.Select(container => services.Runtime.StopAsync(container.Id, cancellationToken)));
        await Task.WhenAll(workers.Keys.Select(leaseId => services.Premises.ForgetSecretsAsync(leaseId, cancellationToken)));
    }

    public void Dispose() => stopping.Dispose();

    private void Assign(Uri plane, AssignmentDocument assignment)
    {
        if (workers.TryGetValue(assignment.LeaseId, out var known))
        {
            known.Worker.Assign(plane, assignment);
        }
        else if (!assignment.Stop)
        {
            Spans.Begin("assignment received", assignment.OrderHash, assignment.LeaseId)?.Dispose();
            Start(LeaseRecord.For(assignment)).Assign(plane, assignment);
        }
    }

    // Something is there that no record tells of: the chain says what becomes of it.
    private static LeaseRecord Unknown(Hash32 leaseId) => new(leaseId, null, LeaseStage.Waiting, null, null, Metering.MeterState.Zero);

    private LeaseWorker Start(LeaseRecord record)
    {
        var worker = new LeaseWorker(record, services, new WakeSignal(services.Time), loggers.CreateLogger<LeaseWorker>());
        workers[record.LeaseId] = (worker, RunAsync(worker));
        return worker;
    }

    private async Task RunAsync(LeaseWorker worker)
    {
        // Leaves the caller at once: it holds the loop that brings assignments.
        await Task.Yield();
        try
        {
            await worker.RunAsync(stopping.Token);
            workers.TryRemove(worker.LeaseId, out _);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The agent stops; the lease goes on with its next process.
            await worker.KeepAsync();
        }
    }
}
