using Dweb.Core.Protocol.Http;
using Dweb.Durable;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Tests.Settling;
using Dweb.Functions.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Coes;

public sealed class LeaseReportsTests
{
    private readonly Given given = new();
    private readonly Inbox inbox = new();
    private readonly LeaseReports reports;
    private readonly LeaseRecord lease;

    public LeaseReportsTests()
    {
        given.Register("coe");
        lease = given.Open("coe", "lease");
        reports = new LeaseReports(
            given.Market, new MarketSignals(), new OrderNotices(inbox, given.Market, NullLogger<OrderNotices>.Instance), new OrderTimeline(TimeProvider.System), new OrderTraces());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_orchestration_that_looks_as_soon_as_it_is_told_sees_what_it_was_told()
    {
        var seen = new List<LeasePhase?>();
        inbox.Heard = () => seen.Add(reports.Find(lease.LeaseId)?.Phase);
        await TakeAsync(LeasePhase.Running, 1);
        Assert.Equal([LeasePhase.Running], seen);
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_with_the_next_report()
    {
        int told = 0;
        inbox.Heard = static () => throw new IOException("The storage is away.");
        await Assert.ThrowsAsync<IOException>(() => TakeAsync(LeasePhase.Running, 1));
        inbox.Heard = () => told++;
        await TakeAsync(LeasePhase.Running, 2);
        await TakeAsync(LeasePhase.Running, 3);
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_report_that_was_overtaken_changes_nothing()
    {
        await TakeAsync(LeasePhase.Running, 2);
        await TakeAsync(LeasePhase.Pulling, 1);
        Assert.Equal(LeasePhase.Running, reports.Find(lease.LeaseId)?.Phase);
    }

    private Task TakeAsync(LeasePhase phase, long signedAtMs) =>
        reports.TakeAsync(lease.Coe, [new LeaseReport(lease.LeaseId, phase, [], null, null)], signedAtMs, Cancel);

    /// <summary>Hears events and can do nothing else.</summary>
    private sealed class Inbox : IOrchestrationClient
    {
        public Action Heard { get; set; } = static () => { };

        public Task RaiseEventAsync<T>(string instanceId, EventDefinition<T> e, T payload, string eventId, CancellationToken ct)
        {
            Heard();
            return Task.CompletedTask;
        }

        public Task StartAsync<TIn, TOut>(OrchestrationDefinition<TIn, TOut> orchestration, string instanceId, TIn input, CancellationToken ct) => throw Unasked();

        public Task<OrchestrationState?> GetAsync(string instanceId, CancellationToken ct) => throw Unasked();

        public Task<OrchestrationTimeline?> GetTimelineAsync(string instanceId, CancellationToken ct) => throw Unasked();

        public IAsyncEnumerable<OrchestrationState> ListAsync(OrchestrationQuery query, CancellationToken ct) => throw Unasked();

        public Task<OrchestrationPage> ListPageAsync(OrchestrationQuery query, int pageSize, string? continuation, CancellationToken ct) => throw Unasked();

        public Task TerminateAsync(string instanceId, string? reason, CancellationToken ct) => throw Unasked();

        public Task SuspendAsync(string instanceId, string? reason, CancellationToken ct) => throw Unasked();

        public Task ResumeAsync(string instanceId, string? reason, CancellationToken ct) => throw Unasked();

        public Task PurgeAsync(string instanceId, CancellationToken ct) => throw Unasked();

        public Task<int> PurgeAsync(OrchestrationQuery query, CancellationToken ct) => throw Unasked();

        public Task RewindAsync(string instanceId, string? reason, CancellationToken ct) => throw Unasked();

        public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken ct) => throw Unasked();

        private static NotSupportedException Unasked() => new("No report asks for this.");
    }
}
