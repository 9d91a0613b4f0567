using System.CommandLine;
using System.Globalization;
using Dweb.Cli.Invocation;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Deploying;

/// <summary>How many replicas of a service there are to be, typed as <c>web=3</c>.</summary>
/// <param name="Replicas">1 to 256.</param>
internal sealed record ServiceScale(string Service, ushort Replicas)
{
    private const ushort Most = 256;
    private const string Form = "a service and its replicas as web=3, 1 to 256 of them";

    public static Option<ServiceScale[]> Option() => new("--scale")
    {
        Description = "How many replicas of a service, as web=3, instead of the file's; may be repeated.",
        HelpName = "SERVICE=N",
        CustomParser = ValueParsers.Many<ServiceScale>(TryParse, Form),
    };

    public static Argument<ServiceScale[]> Argument() => new("SERVICE=N")
    {
        Description = "A service and how many replicas of it stay.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ValueParsers.Many<ServiceScale>(TryParse, Form),
    };

    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out ServiceScale scale)
    {
        int at = text.LastIndexOf('=');
        bool read = ushort.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort replicas);
        scale = at > 0 && read && replicas is >= 1 and <= Most ? new ServiceScale(text[..at], replicas) : null;
        return scale is not null;
    }

    /// <exception cref="DwebException">A service is named that the deployment has not, or twice.</exception>
    public static Deployment Apply(Deployment deployment, IReadOnlyList<ServiceScale> scales)
    {
        RequireOnce(scales);
        foreach (var scale in scales)
        {
            if (!deployment.Services.Any(service => service.Name == scale.Service))
            {
                throw new DwebException(
                    Catalogue.InvalidValue, $"The file has no service '{scale.Service}'; it has {string.Join(", ", deployment.Services.Select(static s => s.Name))}.", "--scale");
            }
        }

        return deployment with
        {
            Services = [.. deployment.Services.Select(service => scales.FirstOrDefault(s => s.Service == service.Name) is { } scale ? service with { Replicas = scale.Replicas } : service)],
        };
    }

    /// <exception cref="DwebException">A service is named twice.</exception>
    public static void RequireOnce(IReadOnlyList<ServiceScale> scales)
    {
        if (scales.GroupBy(static s => s.Service).FirstOrDefault(static g => g.Count() > 1) is { } twice)
        {
            throw new DwebException(Catalogue.InvalidValue, $"Service '{twice.Key}' is named twice.", "SERVICE=N");
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}={Replicas}");
}
