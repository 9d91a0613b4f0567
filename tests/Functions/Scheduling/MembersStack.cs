using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Scheduling;

/// <summary>A stack of its own for the tests of a class: a control plane without a key, and three members.</summary>
public sealed class MembersStack : IAsyncLifetime
{
    public TestStack Stack { get; } = TestStack.WithMembers();

    public async ValueTask InitializeAsync() => await Stack.ReadyAsync();

    public ValueTask DisposeAsync() => Stack.DisposeAsync();
}
