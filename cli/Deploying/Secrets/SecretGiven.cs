using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Deploying.Secrets;

/// <summary>Where a secret's content is, typed as <c>db=FILE</c>; it goes before what the Compose file says.</summary>
internal sealed record SecretGiven(string Name, string Path)
{
    public static Option<SecretGiven[]> Option() => new("--secret")
    {
        Description = "File with the content of a secret, as db=db.txt, instead of the Compose file's; may be repeated.",
        HelpName = "NAME=FILE",
        CustomParser = ValueParsers.Many<SecretGiven>(TryParse, "a secret and its file, as db=db.txt"),
    };

    public static bool TryParse(string text, [MaybeNullWhen(false)] out SecretGiven given)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        given = at > 0 && at < text.Length - 1 ? new SecretGiven(text[..at], text[(at + 1)..]) : null;
        return given is not null;
    }
}
