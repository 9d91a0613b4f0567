using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>Where the agent's program is: named, beside this one, or on the path.</summary>
internal static class AgentProgram
{
    public const string Name = "dweb-agent";

    /// <param name="named">As <c>--agent-program</c> has it.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="DwebException">The one that was named is not there.</exception>
    public static string? Find(string? named)
    {
        if (named is not null)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw new DwebException(Catalogue.AgentMissing, $"There is no {named}.", "--agent-program");
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory)
            .Select(static folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
    }

    /// <exception cref="DwebException">There is none.</exception>
    public static string Require(string? named) =>
        Find(named) ?? throw new DwebException(Catalogue.AgentMissing, $"There is no {Name} beside this program or on the PATH.", "--agent-program");
}
