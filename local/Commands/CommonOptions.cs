using System.CommandLine;

namespace Dweb.Local.Commands;

/// <summary>Options that mean the same in every command.</summary>
internal static class CommonOptions
{
    public static Option<bool> NoInstall() => new("--no-install") { Description = "refuse instead of installing what is missing" };
}
