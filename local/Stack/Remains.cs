using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack.Parts;

namespace Dweb.Local.Stack;

/// <summary>What a stack leaves when its processes are gone: containers that its agents ran, and data.</summary>
internal static class Remains
{
    /// <summary>Names the COE of a container.</summary>
    public const string CoeLabel = "io.dweb.coe";

    /// <summary>The engine's socket in the first line, then the COEs whose containers are this stack's.</summary>
    public static string CoesFile(StateFolder state) => Path.Combine(state.Root, "coes.txt");

    /// <summary>Removes the containers of this stack's COEs and no others, with what their agents made on this machine for them.</summary>
    public static async Task<int> RemoveContainers(StateFolder state, AgentTraces traces, CancellationToken stop)
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
            await traces.Remove(state, engineAnswers: false, stop);
            return 0;
        }

        using var client = new EngineClient(engine);
        var removed = await client.RemoveLabelled(CoeLabel, lines[1..], stop);
        await traces.Remove(state, engineAnswers: true, stop);
        File.Delete(file);
        return removed;
    }

    /// <summary>Removes containers, data, wallets and logs: the next start begins with nothing.</summary>
    public static async Task Clear(StateFolder state, AgentTraces traces, CancellationToken stop)
    {
        await RemoveContainers(state, traces, stop);
        foreach (var folder in (string[])[state.Data, state.Logs, Path.Combine(state.Root, "home"), Path.Combine(state.Root, "registry-key")])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        string[] files = ["deployment.json", "stack.json", "registry.yml", "dockerd.json", "request"];
        foreach (var file in files.Select(name => Path.Combine(state.Root, name)).Concat(AgentPart.Files(state)))
        {
            File.Delete(file);
        }
    }

    /// <summary>Removes the images and containers of an engine of our own, which must have ended.</summary>
    public static async Task ClearEngine(StateFolder state, Tool tool, CancellationToken stop)
    {
        var folder = OwnEngine.DataRoot(state);
        if (Directory.Exists(folder))
        {
            await Mounts.EndUnder(folder, tool, stop);
            Directory.Delete(folder, recursive: true);
        }
    }
}
