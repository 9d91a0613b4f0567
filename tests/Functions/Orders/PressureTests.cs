using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Dweb.Functions.Tests.Kills;
using Dweb.Functions.Tests.Stack;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;
using LeaseState = Dweb.Core.Protocol.Messages.LeaseState;

namespace Dweb.Functions.Tests.Orders;

/// <summary>Many want something at once. Each class member has a market to itself: what others hold would decide who gets what.</summary>
[Trait("Category", "Integration")]
public sealed class PressureTests : IAsyncDisposable
{
    private const int Orders = 200;
    private const int Floods = 32;
    private readonly TestStack stack = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stack.DisposeAsync();

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Of_two_users_who_race_for_the_last_capacity_one_gets_it_and_the_other_when_it_is_free_again()
    {
        await stack.ReadyAsync();
        await using var crew = new Crew(stack.Market.Agents);
        await HeardAsync();
        var alice = await SignAllAsync();
        var bob = await SignAllAsync();

        var answers = await Task.WhenAll(SubmitAsync(alice.Request), SubmitAsync(bob.Request));
        Assert.Contains(HttpStatusCode.Accepted, answers);
        await UntilAsync(async () => (await OpenAsync()).Count == 3);
        var open = await OpenAsync();
        Assert.Equal(3, open.Select(static lease => lease.Coe).Distinct().Count());
        var winner = Assert.Single(open.Select(static lease => lease.OrderHash).Distinct());
        var (first, second) = winner == alice.Hash ? (alice, bob) : (bob, alice);
        Assert.Equal(100 * Amount.WeiPerDweb, await stack.Chain.LeaseBook.FreeOfAsync(second.User.Address, cancellationToken: Cancel));

        await stack.Chain.SendAsync(first.User, stack.Chain.LeaseBook.End([.. open.Select(static l => new LeaseKey(l.OrderHash, l.Service, l.Replica, l.Generation, l.Coe))]), Cancel);
        await UntilAsync(async () => await SubmitAsync(second.Request) == HttpStatusCode.Accepted && (await OpenAsync()) is { Count: 3 } now && now.All(l => l.OrderHash == second.Hash));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Two_hundred_orders_of_one_user_at_once_are_each_opened_once()
    {
        await stack.ReadyAsync();
        await using var crew = new Crew(stack.Market.Agents);
        await HeardAsync();
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var requests = new List<SubmitOrderRequest>();
        for (int i = 0; i < Orders; i++)
        {
            requests.Add(await stack.Market.SignOrderAsync(user, Cancel, 1, static order => order with { Services = [order.Services[0] with { Reserved = new ResourceVector(10, 10, 10, 1, 1) }] }));
        }

        var answers = await Task.WhenAll(requests.Select(SubmitAsync));
        Assert.All(answers, static status => Assert.Equal(HttpStatusCode.Accepted, status));
        IReadOnlyList<LeaseBook.Events.LeaseOpened> open = [];
        await UntilAsync(async () => (open = await OpenAsync()).Count >= Orders);

        Assert.Equal(requests.Select(r => r.Order.ToMessage().Id(stack.Chain.Book)).Order(), open.Select(static lease => lease.OrderHash).Order());
        var now = BlockTag.Number((await stack.Chain.Client.GetHeadAsync(Cancel)).Number);
        var free = await stack.Chain.LeaseBook.FreeOfAsync(user.Address, now, Cancel);
        var held = System.Numerics.BigInteger.Zero;
        foreach (var lease in await EverOpenedAsync(now))
        {
            held += await stack.Chain.LeaseBook.FencedOfAsync(lease.LeaseId, now, Cancel);
        }

        Assert.Equal(100 * Amount.WeiPerDweb, free + held);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public Task A_deployment_goes_through_while_nonsense_pours_in() => FloodAsync(TimeSpan.FromSeconds(3));

    [Fact(Explicit = true)]
    public Task A_deployment_goes_through_while_nonsense_pours_in_for_half_a_minute() => FloodAsync(TimeSpan.FromSeconds(30));

    private async Task FloodAsync(TimeSpan time)
    {
        await stack.ReadyAsync();
        await using var crew = new Crew(stack.Market.Agents);
        await HeardAsync();
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var request = await stack.Market.SignOrderAsync(user, Cancel, 2);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var flood = Enumerable.Range(0, Floods).Select(seed => PourAsync(new Random(seed), over.Token)).ToList();
        var waited = Task.Delay(time, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, await SubmitAsync(request));
        await UntilAsync(async () => (await OpenAsync()).Count == 2);
        await waited;
        await over.CancelAsync();

        int sent = (await Task.WhenAll(flood)).Sum();
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{sent / time.TotalSeconds:0} malformed requests a second, each refused."));
        Assert.True(sent > 0);
        Assert.Equal(2, (await OpenAsync()).Count);
    }

    /// <returns>How many were sent, each of them refused as what it is.</returns>
    private async Task<int> PourAsync(Random random, CancellationToken over)
    {
        int sent = 0;
        while (!over.IsCancellationRequested)
        {
            using var nonsense = Nonsense(random);
            try
            {
                using var answer = await stack.Plane.SendAsync(nonsense, over);
                Assert.InRange((int)answer.StatusCode, 400, 499);
                sent++;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                break;
            }
        }

        return sent;
    }

    private static HttpRequestMessage Nonsense(Random random) => random.Next(6) switch
    {
        0 => ControlPlane.Post("/api/orders", Encoding.UTF8.GetBytes("{\"order\":")),
        1 => ControlPlane.Post("/api/orders", Encoding.UTF8.GetBytes("[" + new string('[', random.Next(2_000)))),
        2 => ControlPlane.Post("/api/quotes", Encoding.UTF8.GetBytes("{\"services\":[{\"replicas\":-1}],\"duration\":1e99}")),
        3 => ControlPlane.Post($"/api/coes/{random.Next()}/heartbeat", Encoding.UTF8.GetBytes("{}")),
        4 => new HttpRequestMessage(HttpMethod.Get, $"/api/orders/0x{random.NextInt64():x16}"),
        _ => new HttpRequestMessage(HttpMethod.Delete, $"/api/{random.Next()}"),
    };

    /// <summary>An order that needs most of every COE.</summary>
    private async Task<(PrivateKey User, SubmitOrderRequest Request, Hash32 Hash)> SignAllAsync()
    {
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var request = await stack.Market.SignOrderAsync(
            user, Cancel, 3, static order => order with { Services = [order.Services[0] with { Reserved = new ResourceVector(3_000, 64, 100, 1, 1) }] });
        return (user, request, request.Order.ToMessage().Id(stack.Chain.Book));
    }

    private async Task<HttpStatusCode> SubmitAsync(SubmitOrderRequest request)
    {
        using var sent = ControlPlane.Post("/api/orders", JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.SubmitOrderRequest));
        using var answer = await stack.Plane.SendAsync(sent, Cancel);
        return answer.StatusCode;
    }

    /// <summary>All COEs count as alive.</summary>
    private Task HeardAsync() => UntilAsync(async () =>
    {
        foreach (var agent in stack.Market.Agents)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, $"/api/coes/{agent.Coe}");
            using var answer = await stack.Plane.SendAsync(asked, Cancel);
            if (!answer.IsSuccessStatusCode || !JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(Cancel), DwebJson.Default.CoeView)!.Live)
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>What is open as of one block: a lease that ends as its successor opens is never counted beside it, nor missing with it.</summary>
    private async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>> OpenAsync()
    {
        var now = BlockTag.Number((await stack.Chain.Client.GetHeadAsync(Cancel)).Number);
        var open = new List<LeaseBook.Events.LeaseOpened>();
        foreach (var opened in await EverOpenedAsync(now))
        {
            if ((LeaseState)(await stack.Chain.LeaseBook.LeaseOfAsync(opened.LeaseId, now, Cancel)).State == LeaseState.Open)
            {
                open.Add(opened);
            }
        }

        return open;
    }

    private async Task<IReadOnlyList<LeaseBook.Events.LeaseOpened>> EverOpenedAsync(BlockTag until)
    {
        var logs = await stack.Chain.Client.GetLogsAsync(
            new LogFilter { From = BlockTag.Number(0), To = until, Addresses = [stack.Chain.Addresses.LeaseBook], Topics = [[LeaseBook.Events.LeaseOpened.Topic]] }, Cancel);
        return [.. logs.Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : throw new InvalidOperationException("A log of this topic is an opening."))];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(100, Cancel);
        }
    }
}
