using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;

namespace Dweb.Local.Commands;

/// <summary>What every command works with.</summary>
internal sealed class Workshop
{
    public const string StateVariable = "DWEB_STATE";

    private Workshop(Repository repository, StateFolder state)
    {
        (Repository, State) = (repository, state);
        Tool = new Tool(Spawner);
    }

    public Repository Repository { get; }

    /// <summary>Where the stack of this command lives: the checkout's own folder unless the environment names another.</summary>
    public StateFolder State { get; }

    public Spawner Spawner { get; } = new();

    public Tool Tool { get; }

    public Screen Screen { get; } = Screen.OnConsole();

    public static Workshop Open()
    {
        var repository = Repository.Find(Environment.GetEnvironmentVariable("DWEB_ROOT"), AppContext.BaseDirectory);
        var state = Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } named ? Path.GetFullPath(named) : repository.Generated;
        return new Workshop(repository, new StateFolder(state));
    }
}
