using System.CommandLine;
using Dweb.Cli.Deploying;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Commands;

/// <summary>What commands that deploy are told of secrets.</summary>
internal sealed class SecretOptions
{
    private readonly Option<SecretGiven[]> given = SecretGiven.Option();

    private readonly Option<string[]> hosts = new("--secret-host")
    {
        Description = "COE for which secrets are sealed, instead of all that the order allows; services with secrets run on these alone. May be repeated.", HelpName = "COE",
    };

    public IReadOnlyList<Option> All => [given, hosts];

    /// <summary>The source with the contents of its secrets.</summary>
    /// <param name="path">Of the Compose file.</param>
    /// <exception cref="Core.Protocol.Errors.DwebException">A secret has no content; or the wallet does not open, where there are some.</exception>
    public ComposeSource Read(Run run, ComposeSource source, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var contents = SecretContents.Read(source.Deployment, folder, run.Get(given) ?? [], Environment.GetEnvironmentVariable);
        return contents.Count == 0 ? source : source.With(contents, run.Get(hosts) ?? [], run.Wallet.Open());
    }
}
