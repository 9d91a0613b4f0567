using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Podman;
using Dweb.Core.Manifest;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Agent.Tests.Runtimes;

/// <summary>When checks are made and what their results mean, by a clock of the test's.</summary>
public sealed class PodmanHealthTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Start);
    private readonly PodmanHealth health;
    private Func<Task<bool?>> answer = static () => Task.FromResult<bool?>(true);
    private int asked;

    public PodmanHealthTests() => health = new PodmanHealth(
        (_, _) =>
        {
            asked++;
            return answer();
        },
        time);

    public void Dispose() => health.Dispose();

    [Fact]
    public void Nothing_is_known_before_the_first_interval_is_over()
    {
        Assert.Null(Judge().Healthy);
        Pass(9);
        Assert.Equal((null, 0), (Judge().Healthy, asked));
        Pass(1);
        Assert.Equal((true, 1), (Judge().Healthy, asked));
    }

    [Fact]
    public void It_takes_as_many_failures_as_the_spec_says_and_one_success()
    {
        answer = static () => Task.FromResult<bool?>(false);
        Judge();
        Pass(20);
        Assert.Null(Judge().Healthy);
        Pass(10);
        Assert.False(Judge().Healthy);
        answer = static () => Task.FromResult<bool?>(true);
        Pass(10);
        Assert.True(Judge().Healthy);
        answer = static () => Task.FromResult<bool?>(false);
        Pass(20);
        Assert.True(Judge().Healthy);
        Pass(10);
        Assert.False(Judge().Healthy);
    }

    [Fact]
    public void Nothing_is_kept_of_one_that_runs_no_more()
    {
        Judge();
        Assert.Equal(1, health.Watched);
        answer = static () => Task.FromResult<bool?>(null);
        Pass(10);
        Assert.Equal(0, health.Watched);
        answer = static () => Task.FromResult<bool?>(true);
        Judge();
        Pass(10);
        Assert.True(Judge().Healthy);
    }

    [Fact]
    public void While_it_starts_failures_do_not_count()
    {
        answer = static () => Task.FromResult<bool?>(false);
        var starting = Container(Start) with { Labels = Labels(Spec(startPeriod: 55)) };
        health.Judge(starting);
        Pass(50);
        Assert.Null(health.Judge(starting).Healthy);
        Pass(30);
        Assert.False(health.Judge(starting).Healthy);
    }

    [Fact]
    public void One_that_does_not_end_fails_again_and_again_and_is_begun_once()
    {
        var never = new TaskCompletionSource<bool?>();
        answer = () => never.Task;
        Judge();
        Pass(10 + 7 + 10 + 7 + 10 + 7);
        Assert.Equal((false, 1), (Judge().Healthy, asked));
        never.SetResult(true);
        Pass(10);
        Assert.True(Judge().Healthy);
    }

    [Fact]
    public void An_engine_that_does_not_answer_says_nothing_of_the_container()
    {
        Judge();
        Pass(10);
        answer = static () => Task.FromException<bool?>(new RuntimeException(RuntimeFault.Unreachable, "away"));
        Pass(60);
        Assert.True(Judge().Healthy);
    }

    [Fact]
    public void What_was_known_of_one_run_is_not_known_of_the_next()
    {
        Judge();
        Pass(10);
        Assert.True(Judge().Healthy);
        Assert.Null(health.Judge(Container(Start + TimeSpan.FromSeconds(30))).Healthy);
    }

    [Fact]
    public void One_that_ended_is_not_checked_any_more()
    {
        Judge();
        Assert.Null(health.Judge(Container(Start) with { Condition = ContainerCondition.Exited }).Healthy);
        Pass(60);
        Assert.Equal(0, asked);
        answer = static () => Task.FromResult<bool?>(null);
        Judge();
        Pass(60);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Where_no_check_is_wanted_none_is_made()
    {
        Assert.Null(HealthCheck.Of((HealthSpec?)null));
        Assert.Null(HealthCheck.Of(HealthSpec.Disabled));
        Assert.Null(health.Judge(Container(Start) with { Labels = new Dictionary<string, string>(), Healthy = true }).Healthy);
        Pass(60);
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 1 1")]
    [InlineData("0 1 1 1")]
    [InlineData("1 1 1 -1")]
    [InlineData("1 1 1 1 1")]
    public void A_label_that_nobody_wrote_is_no_check(string label) =>
        Assert.Null(HealthCheck.Of(Container(Start) with { Labels = new Dictionary<string, string> { [HealthCheck.Label] = label } }));

    private static HealthSpec Spec(int startPeriod = 0) => new(["CMD", "true"], 10, 5, 3, startPeriod);

    private static Dictionary<string, string> Labels(HealthSpec spec) => new(StringComparer.Ordinal) { [HealthCheck.Label] = HealthCheck.Of(spec)!.ToString() };

    private static ContainerSnapshot Container(DateTimeOffset startedAt) => new(
        "id", "name", Labels(Spec()), ContainerCondition.Running, 1, startedAt, null, 0, 0, false, "", null, new Dictionary<ushort, ushort>());

    private ContainerSnapshot Judge() => health.Judge(Container(Start));

    // A second at a time, as each wait begins when the one before is over.
    private void Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
