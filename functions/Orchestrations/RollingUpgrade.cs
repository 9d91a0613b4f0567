using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Http;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// Moves the replicas of a service to a new image, some at a time. The old ones go on beside the new ones for an overlap, and the next are moved only
/// when these have been healthy for a while. When one is not, those that were moved go back in the same way to the image that was signed, or the rollout
/// pauses or goes on, as the user wrote.
/// </summary>
internal static class RollingUpgrade
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<RolloutStatus> RunAsync(OrchestrationContext context, RolloutInput input)
    {
        var judged = new List<ushort>();
        int tries = 0;
        while (tries <= Persistence.MostTries)
        {
            var progress = await context.CallAsync(Definitions.UpgradeNext, new RolloutStep(input, [.. judged]), Persistence.ThroughOutages);
            switch (progress.Turn)
            {
                case RolloutTurn.Done:
                    return await CommitAsync(context, input, input.GoesBack ? RolloutStatus.RolledBack : RolloutStatus.Done, input.Because);
                case RolloutTurn.Refused:
                    return await CommitAsync(context, input, RolloutStatus.Paused, Join(input.Because, progress.Message));
                case RolloutTurn.Waits:
                    tries++;
                    await context.CreateTimerAsync(Persistence.PauseAfter(tries));
                    continue;
                default:
                    tries = 0;
                    if (await FindFailureAsync(context, new RolloutBatch(input, progress.Replicas)) is { } failure && input.Pace.OnFailure != FailureAction.Continue)
                    {
                        return await FailAsync(context, input, failure);
                    }

                    judged.AddRange(progress.Replicas);
                    if (input.Pace.DelaySeconds > 0)
                    {
                        await context.CreateTimerAsync(TimeSpan.FromSeconds(input.Pace.DelaySeconds));
                    }

                    continue;
            }
        }

        // The history ends here; which replicas were moved is on the chain, and they are judged once more.
        context.ContinueAsNew(input);
        return input.GoesBack ? RolloutStatus.RollingBack : RolloutStatus.Rolling;
    }

    private static async Task<RolloutStatus> FailAsync(OrchestrationContext context, RolloutInput input, string failure)
    {
        if (input.GoesBack || input.Pace.OnFailure != FailureAction.Rollback)
        {
            return await CommitAsync(context, input, RolloutStatus.Paused, Join(input.Because, failure));
        }

        await CommitAsync(context, input, RolloutStatus.RollingBack, failure);
        context.ContinueAsNew(input with { Because = failure });
        return RolloutStatus.RollingBack;
    }

    /// <returns>What is wrong with the batch; null once it has been healthy for long enough.</returns>
    private static async Task<string?> FindFailureAsync(OrchestrationContext context, RolloutBatch batch)
    {
        var begun = context.CurrentUtc;
        var healthySince = begun;
        while (true)
        {
            var health = await context.CallAsync(Definitions.JudgeBatch, batch, Persistence.ThroughOutages);
            var now = context.CurrentUtc;
            switch (health.Standing)
            {
                case BatchStanding.Failed:
                    return health.Message;
                case BatchStanding.Healthy when now - healthySince >= TimeSpan.FromSeconds(batch.Rollout.Pace.MonitorSeconds):
                    return null;
                case BatchStanding.Starting when now - begun >= TimeSpan.FromSeconds(batch.Rollout.PatienceSeconds):
                    return health.Message;
                case BatchStanding.Starting:
                    healthySince = now + Look;
                    break;
            }

            await context.CreateTimerAsync(Look);
        }
    }

    private static async Task<RolloutStatus> CommitAsync(OrchestrationContext context, RolloutInput input, RolloutStatus status, string? message)
    {
        await context.CallAsync(Definitions.CommitRollout, new RolloutCommit(input, status, message), Persistence.ThroughOutages);
        return status;
    }

    private static string? Join(string? first, string? then) => first is null ? then : $"{first}; and on the way back {then}";
}
