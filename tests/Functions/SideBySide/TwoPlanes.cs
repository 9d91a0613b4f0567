using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.SideBySide;

/// <summary>A stack of its own for the tests of a class: two control planes, neither of which has a key, and three members that sign for both.</summary>
public sealed class TwoPlanes : IAsyncLifetime
{
    public TestStack Stack { get; } = TestStack.WithMembers();

    public SecondPlane Second { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Stack.ReadyAsync();
        await Second.StartAsync(Stack, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await Stack.DisposeAsync();
    }

    /// <summary>Is heard by both control planes and all members.</summary>
    public Task BeatAsync(IEnumerable<TestAgent> agents, CancellationToken cancellationToken) => Task.WhenAll(
        agents.SelectMany(agent => (Task[])[agent.BeatAsync(cancellationToken), At(agent).BeatAsync(cancellationToken)]));

    /// <summary>Tells both that a lease runs.</summary>
    public async Task RunAsync(LeaseView lease, CancellationToken cancellationToken)
    {
        var agent = Stack.Market.Agents.Single(agent => agent.Coe == lease.Coe);
        await agent.ReportAsync(lease.LeaseId, LeasePhase.Running, cancellationToken);
        await At(agent).ReportAsync(lease.LeaseId, LeasePhase.Running, cancellationToken);
    }

    /// <summary>Tells both how a lease is.</summary>
    public async Task ReportAsync(LeaseView lease, LeaseReport report, CancellationToken cancellationToken)
    {
        var agent = Stack.Market.Agents.Single(agent => agent.Coe == lease.Coe);
        await agent.ReportAsync(report.LeaseId, report.Phase, cancellationToken, urls: report.Urls);
        await At(agent).ReportAsync(report.LeaseId, report.Phase, cancellationToken, urls: report.Urls);
    }

    /// <summary>An agent as it speaks to the second one; each has one such, whose heartbeats are counted on.</summary>
    public TestAgent At(TestAgent agent)
    {
        lock (others)
        {
            return others.TryGetValue(agent, out var known) ? known : others[agent] = agent.At(Second.Plane);
        }
    }

    private readonly Dictionary<TestAgent, TestAgent> others = [];
}
