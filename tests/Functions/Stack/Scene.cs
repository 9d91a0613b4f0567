using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A user with an order that the control plane has taken, and the leases that were opened for it.</summary>
public sealed class Scene
{
    private readonly TestStack stack;
    private readonly string token;

    private Scene(TestStack stack, PrivateKey user, string token, SubmitOrderRequest request, OrderView accepted)
    {
        this.stack = stack;
        this.token = token;
        User = user;
        Request = request;
        OrderHash = accepted.OrderHash;
    }

    public PrivateKey User { get; }

    public string Token => token;

    public SubmitOrderRequest Request { get; }

    public Hash32 OrderHash { get; }

    public IReadOnlyList<LeaseView> Leases { get; private set; } = [];

    /// <summary>Agents are heard, an order is sent, and its leases are open.</summary>
    public static async Task<Scene> BeginAsync(
        TestStack stack, ushort replicas, CancellationToken cancellationToken, Func<Order, Order>? change = null, ContainerSpec? spec = null)
    {
        var scene = await SubmitAsync(stack, replicas, cancellationToken, change, spec);
        await scene.WaitForLeasesAsync(replicas, cancellationToken);
        return scene;
    }

    /// <summary>Agents are heard and an order is sent.</summary>
    public static async Task<Scene> SubmitAsync(
        TestStack stack, ushort replicas, CancellationToken cancellationToken, Func<Order, Order>? change = null, ContainerSpec? spec = null)
    {
        await Task.WhenAll(stack.Market.Agents.Select(agent => agent.BeatAsync(cancellationToken)));
        var user = await stack.Market.CreateUserAsync(100, cancellationToken);
        string login = await stack.Plane.LoginAsync(user, cancellationToken);
        await Task.WhenAll(stack.Market.Agents.Select(agent => agent.BeatAsync(cancellationToken)));
        var request = await stack.Market.SignOrderAsync(user, cancellationToken, replicas, change, spec);
        return await SendAsync(stack, user, login, request, cancellationToken);
    }

    /// <summary>The order is sent as it is; nobody is heard for it.</summary>
    public static async Task<Scene> OfAsync(TestStack stack, PrivateKey user, SubmitOrderRequest request, CancellationToken cancellationToken) =>
        await SendAsync(stack, user, await stack.Plane.LoginAsync(user, cancellationToken), request, cancellationToken);

    private static async Task<Scene> SendAsync(TestStack stack, PrivateKey user, string login, SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        var accepted = await stack.Plane.PostAsync("/api/orders", request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, cancellationToken);
        return new Scene(stack, user, login, request, accepted);
    }

    public async Task WaitForLeasesAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await ViewAsync(cancellationToken);
            Leases = view.Leases;
            if (Leases.Count >= count)
            {
                return;
            }

            Assert.False(view.Status is OrderStatus.Rejected or OrderStatus.Failed, $"{view.ErrorMessage}\n{stack.Plane.Output}");
            await Task.WhenAll(stack.Market.Agents.Select(agent => agent.BeatAsync(cancellationToken)));
            await Task.Delay(50, cancellationToken);
        }
    }

    public Task<OrderView> ViewAsync(CancellationToken cancellationToken) =>
        stack.Plane.GetAsync($"/api/orders/{OrderHash}", DwebJson.Default.OrderView, token, cancellationToken);

    public async Task<OrderView> WaitAsync(OrderStatus status, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await stack.Plane.GetAsync($"/api/orders/{OrderHash}?waitFor={status}&timeoutMs=5000", DwebJson.Default.OrderView, token, cancellationToken);
            if (view.Status == status || view.Status is OrderStatus.Rejected or OrderStatus.Failed or OrderStatus.Closed)
            {
                return view;
            }
        }
    }

    /// <summary>Lets agents be heard until the order is where the test wants it.</summary>
    public async Task<OrderView> BeatUntilAsync(IReadOnlyList<TestAgent> agents, Func<OrderView, bool> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.WhenAll(agents.Select(agent => agent.BeatAsync(cancellationToken)));
            var view = await ViewAsync(cancellationToken);
            if (reached(view))
            {
                return view;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public TestAgent AgentOf(LeaseView lease) => stack.Market.Agents.Single(agent => agent.Coe == lease.Coe);

    public async Task RunAllAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in Leases)
        {
            await AgentOf(lease).ReportAsync(lease.LeaseId, LeasePhase.Running, cancellationToken);
        }
    }

    /// <summary>Ends every lease as its user.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => EndAsync(Leases, cancellationToken);

    /// <summary>Ends what is still open, so that nothing is left to be placed again beside the tests that follow.</summary>
    public Task EndOpenAsync(OrderView view, CancellationToken cancellationToken) =>
        EndAsync([.. view.Leases.Where(static lease => lease.State == LeaseState.Open)], cancellationToken);

    public static Dweb.Chain.Contracts.LeaseKey KeyOf(LeaseView lease) => new(lease.OrderHash, lease.Service, lease.Replica, lease.Generation, lease.Coe);

    private async Task EndAsync(IReadOnlyList<LeaseView> leases, CancellationToken cancellationToken) =>
        await stack.Chain.SendAsync(User, stack.Chain.LeaseBook.End([.. leases.Select(KeyOf)]), cancellationToken);

    /// <summary>Signs that each lease ran for so many seconds, as of the newest block.</summary>
    public async Task ReportUsageAsync(uint seconds, CancellationToken cancellationToken)
    {
        ulong asOf = (await stack.Chain.Client.GetHeadAsync(cancellationToken)).Timestamp;
        foreach (var lease in Leases)
        {
            var entry = new UsageEntry(LeaseHandle.Of(lease.LeaseId), seconds, seconds * 100, seconds * 64, seconds * 10, seconds, seconds);
            using var response = await AgentOf(lease).SendUsageAsync(AgentOf(lease).Usage(asOf, null, entry), cancellationToken);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }
}
