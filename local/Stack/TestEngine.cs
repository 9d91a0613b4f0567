using Dweb.Local.Commands;
using Dweb.Local.Layout;
using Dweb.Local.Stack.Parts;

namespace Dweb.Local.Stack;

/// <summary>A container engine for as long as tests run: the machine's own, or one started here when none answers.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly Supervisor? _supervisor;

    private TestEngine(Engine engine, Supervisor? supervisor) => (Engine, _supervisor) = (engine, supervisor);

    public Engine Engine { get; }

    public static async Task<TestEngine> Find(Workshop workshop, bool needed, CancellationToken stop)
    {
        var machines = Engine.Default();
        if (!needed || await machines.Answers(stop))
        {
            return new TestEngine(machines, supervisor: null);
        }

        // Not in the stack's folder: tests start stacks of their own.
        var state = new StateFolder(Path.Combine(workshop.State.Root, "test-engine"));
        var supervisor = await Supervisor.Take(workshop.Spawner, state, stop);
        try
        {
            var own = new OwnEngine(state);
            await workshop.Screen.During("starting a container engine (none answers)", _ => supervisor.Start(own.Plan(), stop));
            return new TestEngine(own.Engine, supervisor);
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_supervisor is not null)
        {
            await _supervisor.DisposeAsync();
        }
    }
}
