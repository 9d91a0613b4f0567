using Dweb.Agent.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dweb.Agent.Tests.Whole;

public sealed class HostRunTests
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_of_which_a_loop_broke_does_not_end_as_if_it_had_been_asked_to() => Assert.Equal(ExitStatus.Broke, await RunAsync<Broken>(new ExitStatus()));

    [Fact]
    public async Task One_that_ends_for_a_reason_of_its_own_says_it() => Assert.Equal(ExitStatus.Superseded, await RunAsync<Broken>(new ExitStatus { Code = ExitStatus.Superseded }));

    [Fact]
    public async Task One_that_was_asked_to_end_ends_well() => Assert.Equal(ExitStatus.Done, await RunAsync<Ending>(new ExitStatus()));

    private async Task<int> RunAsync<TLoop>(ExitStatus exit)
        where TLoop : class, IHostedService
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHostedService<TLoop>();
        using var host = builder.Build();
        return await HostRun.UntilEndedAsync(host, exit, cancel);
    }

    private sealed class Broken : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("Nobody has thought of this.");
        }
    }

    private sealed class Ending(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, stoppingToken);
        }
    }
}
