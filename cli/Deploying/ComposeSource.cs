using System.Globalization;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying;

/// <summary>A Compose file as it was typed on the command line.</summary>
/// <param name="Text">Everything that makes one deployment differ from another: the file, and what options changed.</param>
internal sealed record ComposeSource(Deployment Deployment, string Text)
{
    /// <param name="name">Instead of the file's.</param>
    /// <param name="duration">Seconds, instead of the file's; what is prepaid follows when it was everything, and never exceeds it.</param>
    /// <exception cref="DwebException">No such file, or the file is not of the form that Dweb runs, with its line.</exception>
    public static ComposeSource Read(string path, string? name, uint? duration)
    {
        if (!File.Exists(path))
        {
            throw new DwebException(Catalogue.NotFound, $"There is no file {path}.");
        }

        string text = File.ReadAllText(path);
        var deployment = ComposeFile.Parse(text, path);
        deployment = deployment with { Name = name ?? deployment.Name };
        if (duration is not { } seconds)
        {
            return new ComposeSource(deployment, text);
        }

        uint prepay = deployment.Prepay == deployment.Duration ? seconds : Math.Min(deployment.Prepay, seconds);
        return new ComposeSource(deployment with { Duration = seconds, Prepay = prepay }, string.Create(CultureInfo.InvariantCulture, $"{text}\nduration {seconds}"));
    }
}
