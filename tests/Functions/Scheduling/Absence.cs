using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>A process of the stack is killed, and started again when this is over, however the test ends.</summary>
internal sealed class Absence : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task> start;

    private Absence(Func<CancellationToken, Task> start) => this.start = start;

    public static async Task<Absence> OfAsync(SchedulerMember member)
    {
        await member.KillAsync();
        return new Absence(member.StartAsync);
    }

    public static async Task<Absence> OfAsync(ControlPlane plane)
    {
        await plane.KillAsync();
        return new Absence(plane.StartAsync);
    }

    public async ValueTask DisposeAsync() => await start(CancellationToken.None);
}
