using System.Text.RegularExpressions;
using Dweb.Core.Resources;

namespace Dweb.Core.Manifest.Compose;

/// <summary>One entry of <c>services</c>.</summary>
internal static partial class ServiceReader
{
    private const int DefaultStopGrace = 10;
    private const int MaxStopGrace = 300;
    private const int MaxReplicas = 256;

    public static ServicePlan Read(ComposeNode key, ComposeNode value)
    {
        string name = ComposeMap.NameOf(key);
        if (!NameGrammar().IsMatch(name))
        {
            throw key.Malformed("must be lower-case letters, digits and dashes, at most 63");
        }

        var map = value.AsMap();
        map.Allow("image", "command", "entrypoint", "environment", "ports", "deploy", "healthcheck", "restart", "stop_grace_period", "volumes", "tmpfs", "read_only", "secrets", "x-dweb");
        var market = MarketReader.Read(map.Find("x-dweb"));
        var deploy = map.Find("deploy")?.AsMap();
        deploy?.Allow("replicas", "resources", "update_config");
        var (cpu, memory) = ResourcesReader.Read(deploy?.Find("resources"));
        var mounts = MountsReader.Read(map, market.Storage);
        return new ServicePlan(
            name,
            ImageOf(map.Require("image")),
            map.Find("entrypoint") is { } entrypoint ? WordsOf(entrypoint) : null,
            map.Find("command") is { } command ? WordsOf(command) : null,
            EnvironmentReader.Read(map.Find("environment")),
            PortsReader.Read(map.Find("ports")),
            HealthReader.Read(map.Find("healthcheck")),
            RestartOf(map.Find("restart")),
            (int)(map.Find("stop_grace_period")?.AsSeconds(0, MaxStopGrace) ?? DefaultStopGrace),
            (ushort)(deploy?.Find("replicas")?.AsInteger(1, MaxReplicas) ?? 1),
            new ResourceVector(cpu, memory, market.Storage, market.Bandwidth, market.Transfer),
            market.MaxPrice,
            market.RegionMask,
            market.MinStake)
        {
            Update = UpdateReader.Read(deploy?.Find("update_config")),
            Volumes = mounts.Volumes,
            Tmpfs = mounts.Temporary,
            Secrets = SecretsReader.ReadUses(map.Find("secrets"), mounts),
        };
    }

    private static ImageReference ImageOf(ComposeNode node) =>
        ImageReference.TryParse(node.AsText(), out var reference, out string? problem) ? reference! : throw node.Malformed($"is no image: {problem}");

    private static IReadOnlyList<string> WordsOf(ComposeNode node)
    {
        if (node.IsList)
        {
            var items = node.AsTexts();
            return items.Count > 0 ? items : throw node.Malformed("must have at least one word");
        }

        return !ShellWords.TrySplit(node.AsText(), out var words) ? throw node.Malformed("has a quote that is not closed")
            : words.Count > 0 ? words
            : throw node.Malformed("must have at least one word");
    }

    private static RestartPolicy RestartOf(ComposeNode? node) => node?.AsText() switch
    {
        null or "no" => RestartPolicy.No,
        "always" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        "unless-stopped" => RestartPolicy.UnlessStopped,
        var other => throw node.Malformed($"must be no, always, on-failure or unless-stopped, not '{other}'"),
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameGrammar();
}
