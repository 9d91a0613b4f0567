using System.Globalization;
using System.Net;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <param name="LeastHealthy">Fewest replicas that answered at one time while it went on.</param>
/// <param name="Replicas">What they answer after it.</param>
internal sealed record RolledOver(int LeastHealthy, IReadOnlyList<Replica> Replicas);

/// <summary>The chapter in which a new release is published and a deployment that follows the image's channel rolls over to it, one replica after the other.</summary>
internal sealed class Rollover(Repository repository, StateFolder state, LocalStack stack, Screen screen)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <param name="deployment">It follows the channel.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">It does not get there, or fell below its minimum on the way.</exception>
    public async Task<RolledOver> Run(string deployment, CancellationToken stop)
    {
        var digest = await new Publication(repository, state, stack.Cli, screen).PublishNext(Community.Upstream, stop);
        var image = "0x" + digest["sha256:".Length..];
        var started = TimeProvider.System.GetTimestamp();
        var (least, told, count) = (int.MaxValue, 0, 0);
        while (true)
        {
            var order = (await stack.Cli.Run(Role.User, stop, "inspect", deployment)).GetProperty("order");
            List<JsonElement> leases = [.. order.GetProperty("leases").EnumerateArray()];
            count = leases.Select(Name).Distinct(StringComparer.Ordinal).Count();
            var healthy = await Healthy(leases, stop);
            least = Math.Min(least, healthy);
            var moved = leases.Count(lease => lease.Is("state", "Open") && lease.Is("image", image) && lease.Is("phase", "Running"));
            if (moved > told)
            {
                told = moved;
                screen.Detail(string.Create(CultureInfo.InvariantCulture, $"{moved} of {count} replicas run it; {healthy} answer"));
            }

            if (IsDone(order, image))
            {
                break;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new LocalException($"Deployment '{deployment}' has not rolled over to {digest} within {Patience.TotalSeconds:0} s: {order}", "The control plane's log tells why: 'dweb local logs functions'.");
            }

            await Task.Delay(Poll, stop);
        }

        // One at a time is what three replicas are moved by, so two are the minimum.
        if (least < count - 1)
        {
            throw new LocalException($"Only {least} of {count} replicas of deployment '{deployment}' answered while it rolled over.", "The agents' logs tell why: 'dweb local logs'.");
        }

        return new RolledOver(least, await Answers(deployment, least, stop));
    }

    private async Task<IReadOnlyList<Replica>> Answers(string deployment, int least, CancellationToken stop)
    {
        var order = (await stack.Cli.Run(Role.User, stop, "inspect", deployment)).GetProperty("order");
        List<Replica> replicas = [];
        foreach (var lease in order.GetProperty("leases").EnumerateArray().Where(static lease => lease.Is("state", "Open")))
        {
            replicas.Add(await Replica.OfLease(lease).Ask(stop));
            screen.Detail($"{replicas[^1].Url} answers {replicas[^1].Status}: {replicas[^1].Answer}");
        }

        screen.Detail(string.Create(CultureInfo.InvariantCulture, $"at no time did fewer than {least} of {replicas.Count} answer"));
        return replicas;
    }

    /// <summary>Replicas of which a container answers, the old one or the new one.</summary>
    private static async Task<int> Healthy(IReadOnlyList<JsonElement> leases, CancellationToken stop)
    {
        var asked = leases.Where(static lease => lease.Is("state", "Open") || lease.Is("state", "Ending"))
            .SelectMany(static lease => lease.GetProperty("urls").EnumerateArray().Select(url => (Replica: Name(lease), Url: url.GetString()!)))
            .Select(async place => (place.Replica, Ok: await HttpProbe.Get(place.Url, stop) is { Code: HttpStatusCode.OK }));
        return (await Task.WhenAll(asked)).Where(static answer => answer.Ok).Select(static answer => answer.Replica).Distinct(StringComparer.Ordinal).Count();
    }

    private static bool IsDone(JsonElement order, string image) =>
        order.GetProperty("rollouts").EnumerateArray().Any(rollout => rollout.Is("image", image) && rollout.Is("status", "Done"));

    private static string Name(JsonElement lease) => $"{lease.GetProperty("serviceName").GetString()}-{lease.GetProperty("replica").GetInt32()}";
}
