using System.Globalization;
using Dweb.Chain.Signing;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying;

/// <summary>A Compose file as it was typed on the command line.</summary>
/// <param name="Text">Everything that makes one deployment differ from another: the file, and what options changed.</param>
internal sealed record ComposeSource(Deployment Deployment, string Text)
{
    /// <summary>Contents of the secrets that services use, by their names.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary>Names of the only COEs that secrets are sealed for; none for all that the deployment allows.</summary>
    public IReadOnlyList<string> SecretHosts { get; init; } = [];

    /// <param name="name">Instead of the file's.</param>
    /// <param name="duration">Seconds, instead of the file's; what is prepaid follows when it was everything, and never exceeds it.</param>
    /// <param name="scales">Replicas instead of the file's.</param>
    /// <exception cref="DwebException">No such file, or the file is not of the form that Dweb runs, with its line; or a service is scaled that it has not.</exception>
    public static ComposeSource Read(string path, string? name, uint? duration, IReadOnlyList<ServiceScale>? scales = null)
    {
        if (!File.Exists(path))
        {
            throw new DwebException(Catalogue.NotFound, $"There is no file {path}.");
        }

        string text = File.ReadAllText(path);
        var deployment = ComposeFile.Parse(text, path);
        return new ComposeSource(deployment with { Name = name ?? deployment.Name }, text).For(duration).Scaled(scales ?? []);
    }

    /// <summary>The same file with these secrets: with others it is another deployment.</summary>
    /// <param name="wallet">Whose order it becomes.</param>
    public ComposeSource With(IReadOnlyDictionary<string, byte[]> secrets, IReadOnlyList<string> hosts, PrivateKey wallet) => this with
    {
        Text = $"{Text}\nsecrets {SecretFingerprint.Of(secrets, wallet)} {string.Join(' ', hosts.Order(StringComparer.Ordinal))}",
        Secrets = secrets,
        SecretHosts = hosts,
    };

    private ComposeSource For(uint? duration)
    {
        if (duration is not { } seconds)
        {
            return this;
        }

        uint prepay = Deployment.Prepay == Deployment.Duration ? seconds : Math.Min(Deployment.Prepay, seconds);
        return new ComposeSource(Deployment with { Duration = seconds, Prepay = prepay }, string.Create(CultureInfo.InvariantCulture, $"{Text}\nduration {seconds}"));
    }

    private ComposeSource Scaled(IReadOnlyList<ServiceScale> scales) => scales.Count == 0
        ? this
        : new ComposeSource(
            ServiceScale.Apply(Deployment, scales), $"{Text}\nscale {string.Join(' ', scales.OrderBy(static s => s.Service, StringComparer.Ordinal))}");
}
