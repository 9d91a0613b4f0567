using System.CommandLine;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Hosting;

/// <summary>Where this machine's agent is, and whether systemd has it: the same for every verb that is about it.</summary>
internal sealed class HostOptions
{
    private readonly Option<string> configFolder = new("--config-folder")
    {
        Description = "Settings and key of the agent.", HelpName = "DIR", DefaultValueFactory = static _ => HostFiles.UsualConfigFolder,
    };

    private readonly Option<string> dataFolder = new("--data-folder")
    {
        Description = "What the agent remembers.", HelpName = "DIR", DefaultValueFactory = static _ => HostFiles.UsualDataFolder,
    };

    private readonly Option<string?> agentProgram = new("--agent-program") { Description = "The agent's program; the one beside this one, or on the PATH, otherwise.", HelpName = "FILE" };

    private readonly Option<bool> noService = new("--no-service") { Description = "Leave systemd alone: somebody else starts and stops the agent." };

    public IReadOnlyList<Symbol> All => [configFolder, dataFolder, agentProgram, noService];

    public HostFiles Files(Run run) => new(Path.GetFullPath(run.Get(configFolder)!), Path.GetFullPath(run.Get(dataFolder)!));

    /// <returns>Null where there is none.</returns>
    public string? FindAgent(Run run) => AgentProgram.Find(run.Get(agentProgram));

    public string RequireAgent(Run run) => AgentProgram.Require(run.Get(agentProgram));

    /// <returns>Null where systemd is not to be used, or does not run this machine.</returns>
    public SystemdService? Service(Run run) => !run.Get(noService) && new SystemdService() is { IsHere: true } service ? service : null;
}
