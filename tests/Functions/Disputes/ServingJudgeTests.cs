using Dweb.Functions.Disputes;

namespace Dweb.Functions.Tests.Disputes;

public sealed class ServingJudgeTests
{
    private static readonly ServingFacts Silent = new(MayRun: true, Ports: 1, IsHeard: true, [new Uri("http://203.0.113.7:8080/")], 4, Answer: null);

    private static readonly ServingFacts Answering = Silent with { Attempts = 1, Answer = "http://203.0.113.7:8080 answers 500" };

    [Fact]
    public void What_answers_serves_whatever_it_says() => Assert.Equal(new ServingJudgement(DisputeFinding.Served, "http://203.0.113.7:8080 answers 500"), ServingJudge.Of(Answering));

    [Fact]
    public void What_gives_no_answer_does_not_serve() =>
        Assert.Equal(new ServingJudgement(DisputeFinding.NotServed, "http://203.0.113.7:8080 gave no answer, asked 4 times"), ServingJudge.Of(Silent));

    [Fact]
    public void A_host_that_names_no_address_does_not_serve() => Assert.Equal(DisputeFinding.NotServed, ServingJudge.Of(Silent with { Asked = [] }).Finding);

    [Fact]
    public void Nobody_judges_a_container_that_need_not_run() => Assert.All(
        [Silent with { MayRun = false }, Answering with { MayRun = false }], static facts => Assert.Equal(DisputeFinding.None, ServingJudge.Of(facts).Finding));

    [Fact]
    public void Nobody_judges_what_nobody_can_ask() => Assert.All(
        [Silent with { Ports = 0, Asked = [] }, Silent with { Ports = null, Asked = [] }, Silent with { IsHeard = false, Asked = [] }],
        static facts => Assert.Equal(DisputeFinding.None, ServingJudge.Of(facts).Finding));

    [Theory]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(1_800)]
    public void A_container_is_asked_more_than_once_and_the_verdict_keeps_its_time(int secondsLeft)
    {
        var left = TimeSpan.FromSeconds(secondsLeft);
        var pace = ProbePace.For(left);
        Assert.InRange(pace.Attempts, 2, 10);
        Assert.InRange((pace.Attempts * pace.Patience) + ((pace.Attempts - 1) * pace.Pause), left / 100, left * 0.6);
    }
}
