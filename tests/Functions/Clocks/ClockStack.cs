using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Clocks;

/// <summary>A stack of its own, whose clocks a test may set.</summary>
public sealed class ClockStack : IAsyncLifetime
{
    public TestStack Stack { get; } = new();

    public async ValueTask InitializeAsync() => await Stack.ReadyAsync();

    public ValueTask DisposeAsync() => Stack.DisposeAsync();
}
