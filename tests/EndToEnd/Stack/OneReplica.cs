using System.Globalization;
using Dweb.Core.Protocol;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>The shortest whole story with real agents and containers: one replica is deployed, paid for a while and closed.</summary>
internal static class OneReplica
{
    /// <summary>Fails unless there is one lease and one container, no second is paid that it did not run, and no wei is missing.</summary>
    /// <param name="said">What is different this time, for whoever reads of a failure.</param>
    public static async Task RunsIsPaidAndEndsAsync(RealStack stack, string said, CancellationToken cancellationToken)
    {
        var coes = stack.Local.Hosts.Select(static h => h.Coe).ToList();
        var user = EvmAddress.Parse(stack.Local.People[Role.User]);
        var free = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken);
        string file = Compose.Write(stack, "one-replica.yaml", Compose.Single("demo/web", "eu-central", volume: "/data"));
        string name = "one-" + Guid.NewGuid().ToString("N")[..8];
        string order = (await stack.CliAsync(Role.User, cancellationToken, "deploy", file, "--name", name, "--wait")).Json().GetProperty("orderHash").GetString()!;
        var lease = await Leases.OnlyOneAsync(stack, order, cancellationToken);
        await Leases.PaidAsync(stack, lease, moreThan: 3, cancellationToken);
        var container = Assert.Single(await stack.Containers.ListAsync(coes, cancellationToken));
        (await stack.CliAsync(Role.User, cancellationToken, "close", order, "--wait")).Json();
        var ran = TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(container.StartedAt, CultureInfo.InvariantCulture);
        await stack.ComeToRestAsync(cancellationToken);

        Assert.Equal(lease, await Leases.OnlyOneAsync(stack, order, cancellationToken));
        uint charged = (await stack.Chain.Book.SettledOfAsync(lease, cancellationToken: cancellationToken)).SecondsRun;
        Assert.True(charged <= Math.Ceiling(ran.TotalSeconds), $"{charged} s are paid of {ran.TotalSeconds} s; {said}");
        var spent = (await stack.Chain.Book.OrderOfAsync(Hash32.Parse(order), cancellationToken: cancellationToken)).Committed;
        var left = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: cancellationToken);
        Assert.True(spent > 0 && free == left + spent, $"{free} wei were free; {spent} were spent and {left} are left; {said}");
        await HandHeldLease.AssertLedgerAsync(stack, cancellationToken);
    }
}
