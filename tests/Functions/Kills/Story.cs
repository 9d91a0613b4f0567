using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;

namespace Dweb.Functions.Tests.Kills;

/// <summary>
/// One order from its signature to its end, over all that can happen to it: two replicas are deployed, paid, moved to a new image, one of them goes elsewhere
/// because its host falls silent, and it is closed. Whoever is away meanwhile is waited for.
/// </summary>
internal sealed class Story(TestStack stack, Func<Task> mend, CancellationToken cancellationToken)
{
    private const string Repository = "tests/killed-at-a-write";

    private static readonly BigInteger Deposit = 100 * BigInteger.Pow(10, 18);
    private PrivateKey? teller;
    private Hash32 told;

    public async Task TellAsync()
    {
        var signed = await MoveChannelAsync();
        var user = await stack.Market.CreateUserAsync(100, cancellationToken);
        var request = await stack.Market.SignOrderAsync(
            user, cancellationToken, 2, static order => order with { UpgradePolicy = (byte)UpgradePolicy.Channel }, Market.SpecOf(signed, repository: Repository));
        var orderHash = request.Order.ToMessage().Id(stack.Chain.Book);
        (teller, told) = (user, orderHash);
        await using var crew = new Crew(stack.Market.Agents, stack.Members);

        await UntilAsync(async () => await SubmitAsync(request), static sent => sent);
        await UntilAsync(() => OpenAsync(orderHash), static open => open.Count == 2);
        await UntilAsync(() => PayAsync(orderHash), static paid => paid);

        var next = await MoveChannelAsync();
        await UntilAsync(() => OpenAsync(orderHash), open => open.Count == 2 && open.All(lease => lease.ImageDigest == next));

        var lost = (await OpenAsync(orderHash))[0];
        crew.Silence(lost.Coe);
        var left = await UntilAsync(() => OpenAsync(orderHash), open => open.Count == 2 && open.All(lease => lease.Coe != lost.Coe));

        await stack.Chain.SendAsync(
            user, stack.Chain.LeaseBook.End([.. left.Select(static l => new LeaseKey(l.OrderHash, l.Service, l.Replica, l.Generation, l.Coe))]), cancellationToken);
        var leases = await UntilAsync(() => ClosedAsync(orderHash), static closed => closed is not null);
        await AssertWholeAsync(user.Address, orderHash, leases!);
    }

    /// <summary>How the order stands, for who has to find out why it did not come to its end.</summary>
    public async Task<string> StandingAsync(CancellationToken stop)
    {
        if (teller is null)
        {
            return "There is no order yet.";
        }

        string token = await stack.Plane.LoginAsync(teller, stop);
        var view = await stack.Plane.GetAsync($"/api/orders/{told}", DwebJson.Default.OrderView, token, stop);
        var leases = view.Leases.Select(static l => $"{l.Replica}.{l.Generation} on {l.CoeName} is {l.State} ({l.Reason}), {l.Phase}");
        var steps = view.Timeline.Select(static entry => $"{entry.Step} {entry.Detail}");
        return $"The order is {view.Status} ({view.ErrorCode}: {view.ErrorMessage}); {string.Join("; ", leases)}. {string.Join("; ", steps)}";
    }

    /// <summary>Each generation of each replica was opened once, and no wei is missing.</summary>
    private async Task AssertWholeAsync(EvmAddress user, Hash32 orderHash, IReadOnlyList<LeaseBook.Events.LeaseOpened> leases)
    {
        Assert.Equal(leases.Count, leases.Select(static l => (l.Replica, l.Generation)).Distinct().Count());
        foreach (var replica in leases.GroupBy(static l => l.Replica))
        {
            Assert.Equal(Enumerable.Range(0, replica.Count()), replica.Select(static l => (int)l.Generation).Order());
        }

        var spent = (await stack.Chain.LeaseBook.OrderOfAsync(orderHash, cancellationToken: cancellationToken)).Committed;
        var free = await stack.Chain.LeaseBook.FreeOfAsync(user, cancellationToken: cancellationToken);
        Assert.True(spent > 0);

        // Nothing is ring-fenced any more; what is more than was deposited are bonds of hosts that fell silent.
        var bonds = await BondsAsync(leases);
        Assert.Equal(Deposit + bonds, free + spent);
    }

    private async Task<BigInteger> BondsAsync(IReadOnlyList<LeaseBook.Events.LeaseOpened> leases)
    {
        var bonds = BigInteger.Zero;
        foreach (var lease in leases)
        {
            var held = await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: cancellationToken);
            bool forfeit = (EndReason)held.Reason == EndReason.HostFault && !held.FaultAnswered;
            bonds += forfeit ? 3_600 * (BigInteger)lease.Terms.HostRate * 1_000_000_000 : 0;
        }

        return bonds;
    }

    /// <returns>Both replicas were paid for a second; whichever leases they have by then.</returns>
    private async Task<bool> PayAsync(Hash32 orderHash)
    {
        var open = await OpenAsync(orderHash);
        bool[] paid = await Task.WhenAll(open.Select(ReportAsync));
        return paid.Length == 2 && paid.All(static settled => settled);
    }

    private async Task<bool> ReportAsync(LeaseBook.Events.LeaseOpened lease)
    {
        if ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: cancellationToken)).SecondsRun > 0)
        {
            return true;
        }

        ulong asOf = (await stack.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
        if (asOf > lease.Origin)
        {
            var agent = stack.Market.Agents.Single(a => a.Coe == lease.Coe);
            using var taken = await agent.SendUsageAsync(agent.Usage(asOf, null, new UsageEntry(LeaseHandle.Of(lease.LeaseId), 1, 100, 64, 10, 1, 1)), cancellationToken);
        }

        return false;
    }

    /// <returns>An image of its own, to which the channel points now: what a story before this one left there moves nothing.</returns>
    private async Task<Hash32> MoveChannelAsync()
    {
        var next = await PublishAsync();
        var images = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
        await stack.Chain.SendAsync(stack.Market.Publisher, images.MoveChannel("stable", next), cancellationToken);
        return next;
    }

    private Task<Hash32> PublishAsync() => UntilAsync(() => stack.Market.PublishAsync(Repository, mint: true, cancellationToken), static _ => true);

    private async Task<bool> SubmitAsync(SubmitOrderRequest request)
    {
        using var sent = ControlPlane.Post("/api/orders", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.SubmitOrderRequest));
        using var answer = await stack.Plane.SendAsync(sent, cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    private async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>> OpenAsync(Hash32 orderHash)
    {
        var open = new List<LeaseBook.Events.LeaseOpened>();
        foreach (var lease in await AllAsync(orderHash))
        {
            if ((LeaseState)(await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: cancellationToken)).State == LeaseState.Open)
            {
                open.Add(lease);
            }
        }

        return open;
    }

    private async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>> AllAsync(Hash32 orderHash)
    {
        var logs = await stack.Chain.Client.GetLogsAsync(
            new Chain.Rpc.LogFilter
            {
                From = Chain.Rpc.BlockTag.Number(0), To = Chain.Rpc.BlockTag.Latest, Addresses = [stack.Chain.Addresses.LeaseBook],
                Topics = [[LeaseBook.Events.LeaseOpened.Topic], null, [orderHash]],
            },
            cancellationToken);
        return [.. logs.Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : throw new InvalidOperationException("It is not what was asked for."))];
    }

    /// <returns>All leases once none of them is anything but closed.</returns>
    private async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>?> ClosedAsync(Hash32 orderHash)
    {
        var all = await AllAsync(orderHash);
        foreach (var lease in all)
        {
            if ((LeaseState)(await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: cancellationToken)).State != LeaseState.Closed)
            {
                return null;
            }
        }

        return all;
    }

    private async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> reached)
    {
        while (true)
        {
            await mend();
            try
            {
                var found = await look();
                if (reached(found))
                {
                    return found;
                }
            }
            catch (Exception away) when (away is HttpRequestException or IOException)
            {
                // It was killed between two of our requests; it is started again above.
            }

            await Task.Delay(100, cancellationToken);
        }
    }
}
