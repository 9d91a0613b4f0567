using System.Numerics;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;

namespace Dweb.Cli.Hosting;

/// <summary>The part of leaving that is about money: earnings as they mature, and the stake as it unbonds.</summary>
internal sealed class LeaveMoney(Run run, RegisteredCoe coe)
{
    public async Task<HostStep> EarningsAsync(CancellationToken cancellationToken)
    {
        var earned = await run.Chain.Book.EarnedOfAsync(coe.Id, cancellationToken: cancellationToken);
        bool pays = earned.Matured > 0;
        if (pays)
        {
            await run.Transactions.SendAsync(
                run.Chain.Book.WithdrawEarned(coe.Id), $"the payment of what COE '{coe.Name}' has earned ({SentenceValues.Tokens(earned.Matured)})", cancellationToken);
            earned = await run.Chain.Book.EarnedOfAsync(coe.Id, cancellationToken: cancellationToken);
        }

        if (earned.Maturing > 0 || earned.Disputed > 0)
        {
            uint epoch = (await run.Chain.Book.ParamsAsync(cancellationToken: cancellationToken)).MaturingEpoch;
            ulong now = (await run.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
            return HostStep.Left(
                "earnings", $"{SentenceValues.Tokens(earned.Maturing)} mature by {SentenceValues.Time(now + (2UL * epoch))}{(earned.Disputed > 0 ? $", {SentenceValues.Tokens(earned.Disputed)} wait for a verdict" : "")}");
        }

        return pays ? HostStep.Done("earnings", "all are withdrawn") : HostStep.Found("earnings", "nothing is owed");
    }

    public async Task<HostStep> StakeAsync(CancellationToken cancellationToken)
    {
        var now = await run.Chain.Coes.CoeOfAsync(coe.Id, cancellationToken: cancellationToken);
        var free = now.Stake - now.Locked;
        if (free > 0)
        {
            await run.Transactions.SendAsync(run.Chain.Coes.Unbond(coe.Id, free), $"the unbonding of {SentenceValues.Tokens(free)} of COE '{coe.Name}'", cancellationToken);
            now = await run.Chain.Coes.CoeOfAsync(coe.Id, cancellationToken: cancellationToken);
        }

        BigInteger paid = 0;
        if (now.Unbonding > 0 && (await run.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp >= now.UnbondableAt)
        {
            paid = now.Unbonding;
            await run.Transactions.SendAsync(
                run.Chain.Coes.WithdrawUnbonded(coe.Id), $"the payment of the unbonded stake of COE '{coe.Name}' ({SentenceValues.Tokens(paid)}) to {coe.Host}", cancellationToken);
            now = await run.Chain.Coes.CoeOfAsync(coe.Id, cancellationToken: cancellationToken);
        }

        return now.Stake > 0 ? HostStep.Left("stake", $"{SentenceValues.Tokens(now.Stake)} answer for leases that are not closed")
            : now.Unbonding > 0 ? HostStep.Left("stake", $"{SentenceValues.Tokens(now.Unbonding)} unbond until {SentenceValues.Time(now.UnbondableAt)}")
            : paid > 0 ? HostStep.Done("stake", $"{SentenceValues.Tokens(paid)} are paid to {coe.Host}")
            : HostStep.Found("stake", "nothing is put up");
    }
}
