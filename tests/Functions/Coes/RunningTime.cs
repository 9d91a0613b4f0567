using Dweb.Functions.Coes;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Functions.Tests.Coes;

/// <summary>Time in which a process runs and knows it.</summary>
internal static class RunningTime
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static void Pass(FakeTimeProvider time, Heartbeats heartbeats, TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= Look)
        {
            time.Advance(left < Look ? left : Look);
            Assert.False(heartbeats.Look());
        }
    }
}
