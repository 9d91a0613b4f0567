using System.Numerics;
using Dweb.Local.Ledger;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>Everybody takes what is theirs, until nothing is left in the contracts.</summary>
internal sealed class Settling(LocalStack stack)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaturingPatience = TimeSpan.FromSeconds(60);

    public Task<LedgerDocument> Read(CancellationToken stop) => Read([], stop);

    /// <summary>The ledger, refused when anything is still unpaid.</summary>
    public Task<LedgerDocument> ReadStrictly(CancellationToken stop) => Read(["--strict"], stop);

    /// <summary>Returns once that many settlement transactions are confirmed.</summary>
    public async Task WaitForSettlements(int count, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(MaturingPatience);
        try
        {
            while ((await Read(patience.Token)).Settlements < count)
            {
                await Task.Delay(Poll, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new LocalException($"Fewer than {count} settlements were confirmed within {MaturingPatience.TotalSeconds:0} s.", "The control plane's log tells why: 'dweb local logs functions'.");
        }
    }

    public async Task PayEverybody(CancellationToken stop)
    {
        await Task.WhenAll(
            Together.Each(stack.Hosts, (host, s) => WithdrawAllEarnings(host, s), stop),
            PullRoyalties(stop),
            stack.Cli.Run(Role.User, stop, "withdraw"),
            stack.Cli.Run(Role.Tenant, stop, "withdraw"));
    }

    // One after the other: both end in the treasury's account.
    private async Task PullRoyalties(CancellationToken stop)
    {
        await stack.Cli.Run(Role.CodeOwner, stop, "code", "pull-royalty", "--all");
        await stack.Cli.Run(Role.Treasury, stop, "fees", "withdraw");
    }

    private async Task WithdrawAllEarnings(RegisteredHost host, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var paid = await stack.Cli.Run(host.Role.Wallet, stop, "coe", "withdraw", host.Role.Coe);
            if (BigInteger.Parse(paid.GetProperty("maturing").GetString()!, System.Globalization.CultureInfo.InvariantCulture).IsZero)
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > MaturingPatience)
            {
                throw new LocalException($"What {host.Role.Wallet} earned has not matured within {MaturingPatience.TotalSeconds:0} s: {paid}", "Does the chain still make blocks? See 'dweb local logs anvil'.");
            }

            await Task.Delay(Poll, stop);
        }
    }

    private async Task<LedgerDocument> Read(IReadOnlyList<string> options, CancellationToken stop) =>
        LedgerDocument.Parse(await stack.Cli.Run(Role.User, stop, ["ledger", .. options]));
}
