using System.CommandLine;

namespace Dweb.Cli.Invocation;

/// <summary>What every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Wallet { get; } = new("--wallet") { Description = "Wallet to act as (or DWEB_WALLET, or the context's); a unique prefix will do.", HelpName = "NAME", Recursive = true };

    public Option<string?> Context { get; } = new("--context") { Description = "Named place to work in (or DWEB_CONTEXT); see 'dweb context ls'.", HelpName = "NAME", Recursive = true };

    public Option<string?> PasswordFile { get; } = new("--password-file")
    {
        Description = "File whose first line is the wallet's password (or DWEB_PASSWORD_FILE); asked at the terminal otherwise.", HelpName = "FILE", Recursive = true,
    };

    public Option<string?> Endpoint { get; } = new("--endpoint") { Description = "Address of the control plane; the context's otherwise.", HelpName = "URL", Recursive = true };

    public Option<string?> Rpc { get; } = new("--rpc") { Description = "Address of a chain node; the context's otherwise.", HelpName = "URL", Recursive = true };

    public Option<string?> Registry { get; } = new("--registry") { Description = "Address of the image registry; the context's otherwise.", HelpName = "URL", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON document and nothing else; errors as a problem document on standard error.", Recursive = true };

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Sign and send without asking.", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Add(Wallet);
        root.Add(Context);
        root.Add(PasswordFile);
        root.Add(Endpoint);
        root.Add(Rpc);
        root.Add(Registry);
        root.Add(Json);
        root.Add(Yes);
    }

    /// <summary>Also for a command line that could not be parsed.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetResult(Json) is { Implicit: false };
}
