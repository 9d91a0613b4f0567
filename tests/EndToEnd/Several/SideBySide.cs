using System.Numerics;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Several;

/// <summary>Two control planes serve the same users and agents over one chain. One of them goes away, and nobody has to notice.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class SideBySide(RealStack stack)
{
    private const int Replicas = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_through_one_fails_over_and_ends_through_the_other_and_both_agree_in_the_end()
    {
        await stack.ComeToRestAsync(Stop);
        await using var other = await SecondControlPlane.StartAsync(stack, Stop);
        await RestartAgentsAsync(other.Endpoint);
        try
        {
            await TellAsync(other);
        }
        finally
        {
            await RestartAgentsAsync();
        }
    }

    private async Task TellAsync(SecondControlPlane other)
    {
        var user = EvmAddress.Parse(stack.Local.People[Role.User]);
        var free = await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop);
        string file = Compose.Write(stack, "side-by-side.yaml", Compose.Single("demo/web", "eu-central", replicas: Replicas));
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", "side-by-side", "--wait")).Json().GetProperty("orderHash").GetString()!;
        var first = await Leases.OfAsync(stack, order, Replicas, Stop);
        await UntilAsync(order, "Running", other.Endpoint);
        var listed = (await stack.CliAsync(Role.User, Stop, "ps", "--endpoint", other.Endpoint)).Json().EnumerateArray().Select(static lease => lease.GetProperty("leaseId").GetString()!);
        Assert.Superset(first.Select(static lease => lease.ToString()).ToHashSet(), listed.ToHashSet());
        await Leases.PaidAsync(stack, first[0], moreThan: 0, Stop);

        var lost = (await stack.Chain.OpeningsAsync(Stop, Hash32.Parse(order))).Single(opened => opened.LeaseId == first[0]);
        var host = stack.Local.Hosts.Single(h => Hash32.Parse(h.Coe) == lost.Coe);
        await stack.KillControlPlaneAsync(Stop);
        await stack.KillAgentAsync(host, Stop);
        try
        {
            await GoOnAsync(order, first, lost.LeaseId, other);
        }
        finally
        {
            await stack.StartAgentAsync(host, beside: [other.Endpoint]);
            await stack.StartControlPlaneAsync(Stop);
        }

        Assert.Equal(LeasesOf(await UntilAsync(order, "Closed", other.Endpoint)), LeasesOf(await UntilAsync(order, "Closed", stack.Local.Addresses.Endpoint)));
        await AssertWholeAsync(Hash32.Parse(order), user, free);
    }

    /// <summary>What is left replaces what was lost, is paid and ends, with one control plane.</summary>
    private async Task GoOnAsync(string order, IReadOnlyList<Hash32> first, Hash32 lost, SecondControlPlane other)
    {
        var successor = (await Leases.OfAsync(stack, order, Replicas + 1, Stop)).Except(first).Single();
        Assert.Equal((LeaseState.Ending, LeaseState.Open), (await AfterOpenAsync(lost), await stack.Chain.StateOfAsync(successor, Stop)));
        await UntilAsync(order, "Running", other.Endpoint);
        await Leases.PaidAsync(stack, successor, moreThan: 0, Stop);
        (await stack.CliAsync(Role.User, Stop, "close", order, "--wait", "--endpoint", other.Endpoint)).Json();
    }

    /// <summary>Closed counts as Ending: how long late reports are taken is no business of this test.</summary>
    private async Task<LeaseState> AfterOpenAsync(Hash32 lease) =>
        await stack.Chain.StateOfAsync(lease, Stop) is LeaseState.Ending or LeaseState.Closed ? LeaseState.Ending : LeaseState.Open;

    private async Task AssertWholeAsync(Hash32 order, EvmAddress user, BigInteger free)
    {
        var opened = await stack.Chain.OpeningsAsync(Stop, order);
        Assert.Equal(opened.Count, opened.DistinctBy(static o => (o.Service, o.Replica, o.Generation)).Count());
        var spent = (await stack.Chain.Book.OrderOfAsync(order, cancellationToken: Stop)).Committed;
        var bonds = await BondsAsync([.. opened.Select(static o => o.LeaseId)]);
        Assert.True(spent > 0 && bonds > 0, $"{spent} wei were spent, {bonds} wei of bonds came from the host that failed.");
        Assert.Equal(free + bonds, spent + await stack.Chain.Book.FreeOfAsync(user, cancellationToken: Stop));
        Assert.Equal("0", (await stack.CliAsync(Role.User, Stop, "ledger")).Json().GetProperty("difference").GetString());
        await Deadline.UntilAsync(
            "no container is left", async stop => (await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), stop)).Count == 0, Stop);
    }

    /// <summary>What these leases' hosts lost to the user, wei.</summary>
    private async Task<BigInteger> BondsAsync(IReadOnlyList<Hash32> leases)
    {
        var bonds = BigInteger.Zero;
        foreach (var log in await stack.Chain.LogsAsync(Stop))
        {
            bonds += LeaseBook.Events.LeaseClosed.TryDecode(log, out var closed) && leases.Contains(closed.LeaseId) ? closed.BondToUser : BigInteger.Zero;
        }

        return bonds;
    }

    /// <summary>Waits until a control plane says so of the order.</summary>
    private async Task<JsonElement> UntilAsync(string order, string status, string endpoint)
    {
        JsonElement found = default;
        await Deadline.UntilAsync($"order {order} is {status} at {endpoint}", async stop =>
        {
            var answer = await stack.CliAsync(Role.User, stop, "inspect", order, "--endpoint", endpoint);
            found = answer.ExitCode == 0 ? answer.Json().GetProperty("order") : default;
            return answer.ExitCode == 0 && found.GetProperty("status").GetString() == status;
        }, Stop);
        return found;
    }

    private static IReadOnlyList<string> LeasesOf(JsonElement order) =>
        [.. order.GetProperty("leases").EnumerateArray()
            .Select(static lease => $"{lease.GetProperty("leaseId").GetString()} {lease.GetProperty("coe").GetString()} {lease.GetProperty("state")} {lease.GetProperty("reason")}")
            .Order(StringComparer.Ordinal)];

    private async Task RestartAgentsAsync(params IReadOnlyList<string> beside)
    {
        foreach (var host in stack.Local.Hosts)
        {
            await stack.KillAgentAsync(host, CancellationToken.None);
            await stack.StartAgentAsync(host, beside: beside);
        }
    }
}
