using System.CommandLine;
using Dweb.Cli.Hosting;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <summary><c>coe doctor</c>: the agent's own look at this host, in its own words.</summary>
internal static class CoeDoctorCommand
{
    public static Command Create(Verbs verbs)
    {
        var host = new HostOptions();
        return verbs.Verb(
            "doctor", "Looks at this host as its agent sees it, and says what mends what is wrong.", "dweb coe doctor", host.All, async (run, cancellationToken) =>
            {
                string[] json = run.Printer.IsJson ? ["--json"] : [];
                int code = await HostProgram.PassAsync(host.RequireAgent(run), ["--doctor", .. json, "--config", host.Files(run).Settings], cancellationToken);
                if (code != 0)
                {
                    throw new DwebException(Catalogue.Unwell, $"The agent's doctor ended with {code}.");
                }
            });
    }
}
