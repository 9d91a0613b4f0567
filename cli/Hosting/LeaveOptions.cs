using System.CommandLine;

namespace Dweb.Cli.Hosting;

internal sealed class LeaveOptions
{
    public Argument<string> Name { get; } = new("NAME") { Description = "Name of a COE of the wallet, or the beginning of its id." };

    public Option<bool> Now { get; } = new("--now")
    {
        Description = "Give live leases back at once, which frees the users' funds and moves their replicas elsewhere, instead of waiting until they end.",
    };

    public Option<bool> NoWait { get; } = new("--no-wait") { Description = "Do what can be done now and say what is left." };

    public Option<bool> KeepContainers { get; } = new("--keep-containers") { Description = "Do not ask the engine for what is left of the COE's containers, as where the engine is gone already." };

    public HostOptions Host { get; } = new();

    public IReadOnlyList<Symbol> All => [Name, Now, NoWait, KeepContainers, .. Host.All];
}
