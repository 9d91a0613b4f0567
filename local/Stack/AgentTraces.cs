using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack.Parts;

namespace Dweb.Local.Stack;

/// <summary>What agents make on a machine for their containers and leave there when they end: networks, disks, rules of the firewall. They know themselves what that is.</summary>
internal sealed class AgentTraces(Repository repository, Tool tool)
{
    // The agent's own word for an engine that is gone, and its containers with it.
    private const string EngineGone = "engine-unreachable";

    /// <exception cref="LocalException">An agent could not take away what it had made.</exception>
    public Task Remove(StateFolder state, bool engineAnswers, CancellationToken stop) => Together.Each(AgentPart.Files(state), async (file, s) =>
    {
        var launch = Launch.Dotnet(repository.Binary("agent", "dweb-agent"), "--remove", "--config", file);
        var result = await tool.Run(launch, heard: null, s);
        if (!result.Succeeded && (engineAnswers || !result.Errors.Contains(EngineGone, StringComparison.Ordinal)))
        {
            throw new LocalException($"'{launch.Line}' ended with {result.ExitCode}:\n{result.Tail()}", "Remove what it names by hand, then start again.");
        }
    }, stop);
}
