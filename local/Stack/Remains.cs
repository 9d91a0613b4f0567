using Dweb.Local.Layout;
using Dweb.Local.Stack.Parts;

namespace Dweb.Local.Stack;

/// <summary>What a stack leaves when its processes are gone: containers that its agents ran, and data.</summary>
internal static class Remains
{
    /// <summary>Names the COE of a container.</summary>
    public const string CoeLabel = "io.dweb.coe";

    /// <summary>The engine's socket in the first line, then the COEs whose containers are this stack's.</summary>
    public static string CoesFile(StateFolder state) => Path.Combine(state.Root, "coes.txt");

    /// <summary>Removes the containers of this stack's COEs and no others.</summary>
    public static async Task<int> RemoveContainers(StateFolder state, CancellationToken stop)
    {
        var file = CoesFile(state);
        if (!File.Exists(file))
        {
            return 0;
        }

        var lines = await File.ReadAllLinesAsync(file, stop);
        var engine = new Engine(lines[0]);
        if (!await engine.Answers(stop))
        {
            // An engine of our own ended with its containers; the machine's own must answer before anything is removed from it.
            return 0;
        }

        using var client = new EngineClient(engine);
        var removed = await client.RemoveLabelled(CoeLabel, lines[1..], stop);
        File.Delete(file);
        return removed;
    }

    /// <summary>Removes containers, data, wallets and logs: the next start begins with nothing.</summary>
    public static async Task Clear(StateFolder state, CancellationToken stop)
    {
        await RemoveContainers(state, stop);
        foreach (var folder in (string[])[state.Data, state.Logs, Path.Combine(state.Root, "home"), Path.Combine(state.Root, "registry-key")])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        foreach (var file in (string[])["deployment.json", "stack.json", "registry.yml", "dockerd.json", "request"])
        {
            File.Delete(Path.Combine(state.Root, file));
        }
    }

    /// <summary>Removes the images and containers of an engine of our own, which must have ended.</summary>
    public static void ClearEngine(StateFolder state)
    {
        var folder = OwnEngine.DataRoot(state);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
