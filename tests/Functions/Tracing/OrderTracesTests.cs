using System.Collections.Concurrent;
using System.Diagnostics;
using Dweb.Core.Protocol;
using Dweb.Core.Tracing;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Tests.Tracing;

public sealed class OrderTracesTests : IDisposable
{
    private readonly Hash32 order = Keccak256.Hash(Guid.NewGuid().ToString());
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;
    private readonly OrderTraces traces = new();

    public OrderTracesTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Spans.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if ((string?)activity.GetTagItem(SpanTags.Order) == order.ToString())
                {
                    ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public void Steps_after_the_queue_hang_at_the_request_that_brought_the_order()
    {
        using (var request = Spans.Begin("request", order))
        {
            traces.Remember(order, request);
        }

        traces.Begin("admit and open", order)?.Dispose();
        var (request1, step) = (ended.First(), ended.Last());
        Assert.Equal((request1.TraceId, request1.SpanId), (step.TraceId, step.ParentSpanId));
    }

    [Fact]
    public void A_first_turn_lasts_from_the_start_of_the_orchestration_and_is_told_once()
    {
        var startedAt = DateTimeOffset.UtcNow.AddSeconds(-5);
        Remember();
        traces.NoteStart(order, startedAt);
        traces.NoteStart(order, startedAt.AddSeconds(1));
        traces.EndFirstTurn(order);
        traces.EndFirstTurn(order);
        Assert.Equal(startedAt.UtcDateTime, Assert.Single(ended, static span => span.OperationName == "first turn").StartTimeUtc);
    }

    [Fact]
    public void An_order_that_is_not_remembered_is_told_by_its_hash_alone()
    {
        Remember();
        traces.Forget(order);
        traces.EndFirstTurn(order);
        traces.Begin("admit and open", order)?.Dispose();
        Assert.Equal(default, Assert.Single(ended, static span => span.OperationName == "admit and open").ParentSpanId);
        Assert.DoesNotContain(ended, static span => span.OperationName == "first turn");
    }

    [Fact]
    public void A_step_does_not_hang_at_a_span_that_another_source_opened()
    {
        using var server = new Activity("the server's own").Start();
        using (var span = Spans.Begin("request", order))
        {
            Assert.Equal(default, span!.ParentSpanId);
        }

        Assert.Equal("request", Assert.Single(ended).OperationName);
    }

    private void Remember()
    {
        using var request = Spans.Begin("request", order);
        traces.Remember(order, request);
    }
}
