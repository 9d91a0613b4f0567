using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Trust;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

/// <summary>
/// Lives as long as one lease: brings what runs in line with what was assigned and what the chain says, one step after another, so that
/// nothing of a lease happens twice at once.
/// </summary>
internal sealed partial class LeaseWorker(LeaseRecord start, LeaseServices services, WakeSignal wake, ILogger<LeaseWorker> log)
{
    // What the chain has no part in: the same attempt comes to the same.
    private static readonly HashSet<string?> Final =
        [Catalogue.EngineFailed.Code, Catalogue.AnnotationMismatch.Code, Catalogue.DigestMismatch.Code, Catalogue.SecretsUnopened.Code];

    private LeaseRecord record = start;
    private readonly LeaseOffers offers = new();
    private readonly Patience patience = new(services.Policy, services.Time);
    private readonly LeaseLook look = new(start.LeaseId, services, wake);
    private volatile bool listed = true;
    private bool isOver;
    private int failures;
    private long? absentSince;

    public Hash32 LeaseId { get; } = start.LeaseId;

    /// <summary>All that it was ever said to be, and still is by somebody's word or by this agent's record.</summary>
    public IEnumerable<string> Specs => offers.Specs.Append(Volatile.Read(ref record).Assignment?.Spec ?? "");

    /// <summary>A control plane lists the lease.</summary>
    public void Assign(Uri plane, AssignmentDocument assignment)
    {
        listed = true;
        offers.Put(plane, assignment);
        Wake(assignment.Stop);
    }

    /// <summary>A control plane does not list the lease, or no longer: a reason to ask the chain, none to stop.</summary>
    /// <returns>Whether another one lists it.</returns>
    public bool Unlist(Uri plane)
    {
        if (offers.Remove(plane))
        {
            Wake(askChain: true);
        }

        return offers.Any;
    }

    /// <summary>No control plane lists the lease: it is not started any more.</summary>
    public void Withdraw()
    {
        listed = false;
        Wake(askChain: true);
    }

    /// <summary>Something may have happened to the container.</summary>
    public void Doubt()
    {
        sight.Doubt();
        wake.Set();
    }

    public void Wake(bool askChain)
    {
        if (askChain)
        {
            look.Want();
        }

        wake.Set();
    }

    /// <summary>Returns when nothing is left to do for the lease and its record is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!isOver)
        {
            var delay = await StepOrBackOffAsync(cancellationToken);
            if (!isOver)
            {
                await wake.WaitAsync(delay, cancellationToken);
            }
        }
    }

    /// <summary>After the loop was cancelled for good: another agent runs the lease now, and this one would have to launch it anew.</summary>
    public Task RetireAsync(CancellationToken cancellationToken) =>
        record.Stage == LeaseStage.Started ? SaveAsync(record with { Stage = LeaseStage.Waiting }, cancellationToken) : Task.CompletedTask;

    private async Task<TimeSpan> StepOrBackOffAsync(CancellationToken cancellationToken)
    {
        try
        {
            var delay = await StepAsync(cancellationToken);
            failures = 0;
            return delay;
        }
        catch (Exception failure) when (failure is RuntimeException or RpcUnavailableException or HostToolException)
        {
            StepFailed(LeaseId, failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // One lease's trouble is not the others': it is told of and tried again. What broke it may be what this agent was told.
            StepBroke(LeaseId, failure);
            services.Doubts.Note();
        }

        // The step may have been the one that was to ask.
        look.Want();
        sight.Doubt();
        return BackOff();
    }

    private async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        if (offers.Find(record.Assignment, record.Stage == LeaseStage.Refused) is { } assignment && assignment != record.Assignment)
        {
            record = record.Take(assignment);
        }

        return record.Stage switch
        {
            LeaseStage.Waiting => await LaunchAsync(cancellationToken),
            LeaseStage.Started => await WatchAsync(cancellationToken),
            LeaseStage.Ended => await ReviewAsync(cancellationToken),
            _ => await ReconsiderAsync(cancellationToken),
        };
    }

    private async Task<TimeSpan> LaunchAsync(CancellationToken cancellationToken)
    {
        if (record.Assignment is not { } assignment || !listed)
        {
            return await LetGoAsync(cancellationToken);
        }

        if (!services.Standing.MayStart)
        {
            Report(LeasePhase.Assigned);
            return services.Policy.Retry;
        }

        if (assignment.Spec.Length == 0 && IsAwaited())
        {
            Report(LeasePhase.Assigned);
            return services.Policy.Retry;
        }

        var saving = SaveAsync(record, cancellationToken);
        var outcome = await services.Launcher.LaunchAsync(assignment, (phase, detail) => Report(phase, detail: detail), cancellationToken);
        await saving;
        return await TakeAsync(outcome, cancellationToken);
    }

    // Nobody asks for the lease: what ran is still reported until the chain closes it.
    private async Task<TimeSpan> LetGoAsync(CancellationToken cancellationToken)
    {
        if (await services.Runtime.InspectAsync(ContainerNames.Of(LeaseId), cancellationToken) is { Condition: ContainerCondition.Running })
        {
            record = record with { Stage = LeaseStage.Started };
            return TimeSpan.Zero;
        }

        if (meter.State.RunningMs == 0)
        {
            return await ForgetAsync(cancellationToken);
        }

        record = record with { Stage = LeaseStage.Ended };
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> TakeAsync(LaunchOutcome outcome, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case LaunchOutcome.Started started:
                services.Board.Set(LeaseReports.Of(LeaseId, started.Container, services.PublicHost));
                LeaseStarted(LeaseId, started.Container.Name);
                look.Note(started.Ticket);
                meter.Raise(FloorOf(started.Ticket));
                record = record with { Stage = LeaseStage.Started, Code = null, Detail = null };
                absentSince = null;
                patience.Reset();
                await LimitAsync(started.Container, cancellationToken);
                await MeterAsync(started.Container, cancellationToken);
                return services.Policy.Tick;
            case LaunchOutcome.Refused refused:
                return await RefuseAsync(LeasePhase.Refused, refused.Reason, cancellationToken);
            case LaunchOutcome.Failed failed:
                return await RefuseAsync(LeasePhase.Exited, failed.Reason, cancellationToken);
            case LaunchOutcome.Absent absent:
                if (!IsAwaited())
                {
                    return await RefuseAsync(LeasePhase.Refused, absent.Reason, cancellationToken);
                }

                Report(LeasePhase.Assigned, absent.Reason.Error.Code, absent.Reason.Detail);
                return services.Policy.Retry;
            case LaunchOutcome.Waits waits:
                Report(LeasePhase.Assigned, waits.Reason.Error.Code, waits.Reason.Detail);
                return patience.Next();
            case LaunchOutcome.Later later:
                LaunchDelayed(LeaseId, later.Reason.Error.Code, later.Reason.Detail);
                Report(LeasePhase.Assigned, later.Reason.Error.Code, later.Reason.Detail);
                return BackOff();
            default:
                throw new InvalidOperationException($"No step follows {outcome.GetType().Name}.");
        }
    }

    private async Task<TimeSpan> WatchAsync(CancellationToken cancellationToken)
    {
        if (sight.Left == TimeSpan.Zero && !await SeeAsync(cancellationToken))
        {
            ContainerGone(LeaseId);
            record = record with { Stage = LeaseStage.Waiting };
            return TimeSpan.Zero;
        }

        if (await look.FindStopAsync(record.Assignment, cancellationToken) is { } stop)
        {
            return await EndAsync(stop, cancellationToken);
        }

        var left = sight.Left < look.Left ? sight.Left : look.Left;
        return left > services.Policy.Tick ? left : services.Policy.Tick;
    }

    private async Task<TimeSpan> EndAsync(Refusal reason, CancellationToken cancellationToken)
    {
        LeaseStopping(LeaseId, reason.Error.Code, reason.Detail);
        string name = ContainerNames.Of(LeaseId);
        meter.Read(out _);
        await services.Runtime.StopAsync(name, cancellationToken);
        record = record with { Stage = LeaseStage.Ended, Code = reason.Error.Code, Detail = reason.Detail };
        if (await services.Runtime.InspectAsync(name, cancellationToken) is { } container)
        {
            await MeterAsync(container, cancellationToken);
        }
        else
        {
            await SaveAsync(record, cancellationToken);
        }

        services.Usage.Hurry();
        Report(LeasePhase.Stopped, reason.Error.Code, reason.Detail);
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> ReviewAsync(CancellationToken cancellationToken)
    {
        await services.Premises.ForgetSecretsAsync(LeaseId, cancellationToken);
        Report(LeasePhase.Stopped, record.Code, record.Detail);
        services.Usage.Publish(LeaseId, ReadUsage);
        (var head, var safe) = await look.ReadAsync(record.Assignment, cancellationToken);
        if (LeaseRule.IsOver(head, safe))
        {
            return await ForgetAsync(cancellationToken);
        }

        if (record.Assignment is not null && listed && LeaseRule.FindStop(head, safe, services.Clock.Now) is null && head.State == LeaseState.Open)
        {
            record = record with { Stage = LeaseStage.Waiting };
            return TimeSpan.Zero;
        }

        await ClearAwayAsync(head, cancellationToken);
        return services.Policy.Recheck;
    }

    private async Task ClearAwayAsync(LeaseTicket head, CancellationToken cancellationToken)
    {
        string name = ContainerNames.Of(LeaseId);
        if (LeaseRule.IsKeptNoLonger(head, services.Clock.Now))
        {
            await services.Premises.RemoveAsync(LeaseId, cancellationToken);
        }
        else if (await services.Runtime.InspectAsync(name, cancellationToken) is { Condition: ContainerCondition.Running })
        {
            await services.Runtime.StopAsync(name, cancellationToken);
        }
    }

    private async Task<TimeSpan> RefuseAsync(LeasePhase phase, Refusal reason, CancellationToken cancellationToken)
    {
        LeaseRefused(LeaseId, reason.Error.Code, reason.Detail);
        if (phase == LeasePhase.Refused)
        {
            services.Doubts.Note();
        }

        if (offers.Find(record.Assignment, isRefused: true) is { } other)
        {
            record = record.Take(other);
            return TimeSpan.Zero;
        }

        ReportRefusal(phase, reason.Error.Code, reason.Detail);
        await SaveAsync(record with { Stage = LeaseStage.Refused, Code = reason.Error.Code, Detail = reason.Detail }, cancellationToken);
        return services.Policy.Recheck;
    }

    // The chain may change its mind (a lease is funded again, a key is registered); a spec or a manifest does not.
    private async Task<TimeSpan> ReconsiderAsync(CancellationToken cancellationToken)
    {
        if (record.Assignment is not { } assignment || !listed)
        {
            return await ForgetAsync(cancellationToken);
        }

        ReportRefusal(record.Code == Catalogue.EngineFailed.Code ? LeasePhase.Exited : LeasePhase.Refused, record.Code, record.Detail);
        bool isFinal = Final.Contains(record.Code);
        (var head, var safe) = await look.ReadAsync(record.Assignment, cancellationToken);

        // What was read by the id alone is not checked by it: an assignment that the chain does not know stays refused until it changes.
        if (!isFinal && TicketCheck.Find(assignment, head, services.Me, services.Clock.Now, out _) is null)
        {
            record = record with { Stage = LeaseStage.Waiting };
            return TimeSpan.Zero;
        }

        if (LeaseRule.IsOver(head, safe) && head.State == LeaseState.Closed)
        {
            return await ForgetAsync(cancellationToken);
        }

        // Where control planes say different things, each is looked at in turn.
        record = record with { Assignment = offers.After(assignment) };
        return services.Policy.Recheck;
    }

    private async Task<TimeSpan> ForgetAsync(CancellationToken cancellationToken)
    {
        await services.Premises.RemoveAsync(LeaseId, cancellationToken);
        services.Store.Delete(LeaseId);
        services.Usage.Remove(LeaseId);
        services.EngineClock.Forget(ContainerNames.Of(LeaseId));
        services.Clock.Forget(wake);
        services.Board.Remove(LeaseId);
        LeaseForgotten(LeaseId);
        isOver = true;
        return TimeSpan.Zero;
    }

    private async Task SaveAsync(LeaseRecord next, CancellationToken cancellationToken)
    {
        record = next with { Meter = meter.State };
        await services.Store.SaveAsync(record, cancellationToken);
        keptAt = services.Time.GetTimestamp();
    }

    private void Report(LeasePhase phase, string? code = null, string? detail = null) => services.Board.Set(new(LeaseId, phase, [], code, detail));

    // What was changed on its way is told anew: an order does not fail for it.
    private void ReportRefusal(LeasePhase phase, string? code, string? detail) =>
        Report(phase == LeasePhase.Refused && Refusal.IsOfMessage(code) && IsAwaited() ? LeasePhase.Assigned : phase, code, detail);

    // Other machines may be ahead: its node of the control plane's, or one control plane of another.
    private bool IsAwaited()
    {
        absentSince ??= services.Time.GetTimestamp();
        return services.Time.GetElapsedTime(absentSince.Value) < services.Policy.AbsenceGrace;
    }

    private TimeSpan BackOff()
    {
        failures = Math.Min(failures + 1, 16);
        var delay = services.Policy.Retry * Math.Pow(2, failures - 1);
        return delay < LeasePolicy.MostRetry ? delay : LeasePolicy.MostRetry;
    }
}
