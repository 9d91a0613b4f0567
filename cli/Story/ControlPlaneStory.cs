using System.Globalization;
using System.Text.RegularExpressions;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Story;

/// <summary>What the control plane wrote down about an order. Steps that only measure its own work are left out; 'inspect --json' has them all.</summary>
internal static partial class ControlPlaneStory
{
    private const string Source = "control-plane";

    /// <param name="nameOf">Of a service by its index.</param>
    public static IEnumerable<StoryLine> Tell(OrderView order, Func<ushort, string> nameOf)
    {
        string? told = null;
        foreach (var entry in order.Timeline)
        {
            string? text = entry.Step switch
            {
                "received" => "the control plane takes the order",
                "waiting" => entry.Detail is null ? null : $"waiting for a COE: {entry.Detail}",
                "placed" => entry.Detail is null ? null : $"placed on {entry.Detail}",
                "reported" or "judged" => Named(entry.Detail ?? "", nameOf),
                "moved" => entry.Detail is null ? null : $"moved to the channel's image on {entry.Detail}",
                "put-back" => entry.Detail is null ? null : $"put back to the image that was signed on {entry.Detail}",
                "upgraded" => entry.Detail,
                "upgrade-failed" or "rolled-back" => Named(entry.Detail ?? "", nameOf),
                "upgrade-paused" => $"the rollout is paused: {Named(entry.Detail ?? "", nameOf)}",
                "running" => "every replica runs",
                "degraded" => Named(entry.Detail ?? "a replica does not run any more", nameOf),
                "rejected" or "failed" => $"{entry.Step}: {entry.Detail ?? order.ErrorMessage ?? order.ErrorCode}",
                "closing" => "every lease has ended",
                "closed" => "the order is closed",
                "recovered from the chain" => "the control plane found the order on the chain",
                "overtaken" => entry.Detail,
                _ => null,
            };

            // An order that waits is looked at every few seconds, and mostly for the same reason.
            if (text is not null && !(entry.Step == "waiting" && text == told))
            {
                told = text;
                yield return new StoryLine(entry.AtMs, Source, entry.Step.Replace(' ', '-'), null, text);
            }
        }
    }

    // The control plane writes places by their numbers; what the services are called is in their specs.
    private static string Named(string detail, Func<ushort, string> nameOf) => Place().Replace(detail, match =>
        ushort.TryParse(match.Groups["service"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort service)
            ? $"{nameOf(service)}-{match.Groups["replica"].Value}"
            : match.Value);

    [GeneratedRegex("^(service (?<service>[0-9]+), replica (?<replica>[0-9]+)|[Rr]eplica (?<replica>[0-9]+) of service (?<service>[0-9]+))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
