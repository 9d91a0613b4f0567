using System.Text.Json;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Changes;

/// <summary>What a user does to a deployment that runs: fewer replicas, a pause, another content. What is not touched does not notice.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class DeploymentChanges(RealStack stack)
{
    private const string Region = "eu-central";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_is_scaled_down_paused_and_goes_on_in_the_same_container()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "changing.yaml", Compose.Single("demo/web", Region, replicas: 2));
        string order = (await DoAsync("deploy", file, "--name", "changing", "--wait")).GetProperty("orderHash").GetString()!;
        var leases = await Leases.OfAsync(stack, order, 2, Stop);

        string more = await RefusedAsync("invalid-value", "scale", "changing", "web=3");
        await RefusedAsync("not-found", "scale", "changing", "api=1");
        var scaled = await DoAsync("scale", "changing", "web=1");
        await Deadline.UntilAsync("one container is left", async stop => (await ContainersAsync(stop)).Count == 1, Stop);
        var left = await ContainersAsync(Stop);
        var again = await DoAsync("scale", "changing", "web=1");
        Assert.Contains("'dweb update FILE --scale web=3'", more, StringComparison.Ordinal);
        Assert.Equal((2, 1), (scaled.GetProperty("services")[0].GetProperty("before").GetInt32(), again.GetProperty("services")[0].GetProperty("before").GetInt32()));
        Assert.Equal(JsonValueKind.Null, again.GetProperty("transaction").ValueKind);
        Assert.Equal(leases[0].ToString(), left.Single().Lease);
        Assert.Equal("Running", (await InspectAsync("changing")).GetProperty("status").GetString());

        await Leases.PaidAsync(stack, leases[0], moreThan: 0, Stop);
        var paused = await DoAsync("pause", "changing");
        Assert.Equal(LeaseState.Parked, await stack.Chain.StateOfAsync(leases[0], Stop));
        await Deadline.UntilAsync("the container is stopped", async stop => (await ContainersAsync(stop)).Single().State == "exited", Stop);
        var resumed = await DoAsync("resume", "changing");
        await Deadline.UntilAsync("the container runs again", async stop => (await ContainersAsync(stop)).Single().State == "running", Stop);
        await RefusedAsync("lease-not-open", "resume", "changing");

        Assert.True(Wei(paused, "refunded") > 0);
        Assert.Equal((1, 1), (paused.GetProperty("leases").GetInt32(), resumed.GetProperty("resumed").GetInt32()));
        Assert.Equal(left.Single().Id, (await ContainersAsync(Stop)).Single().Id);
        await DoAsync("close", "changing", "--wait");
    }

    [Fact]
    public async Task An_update_replaces_a_deployment_once_the_new_one_runs_and_goes_back_when_it_never_does()
    {
        await stack.ComeToRestAsync(Stop);
        string first = Compose.Single("demo/web", Region);
        string file = Compose.Write(stack, "updated.yaml", first);
        await RefusedAsync("not-found", "update", file, "--name", "updated");
        string old = (await DoAsync("deploy", file, "--name", "updated", "--wait")).GetProperty("orderHash").GetString()!;
        var before = (await ContainersAsync(Stop)).Single();

        Compose.Write(stack, "updated.yaml", first.Replace("    stop_grace_period", "    entrypoint: [\"/nothing\"]\n    stop_grace_period", StringComparison.Ordinal));
        string failed = await RefusedAsync("update-failed", "update", file, "--name", "updated", "--timeout", "20s");
        await Deadline.UntilAsync("only the old container is there", async stop => (await ContainersAsync(stop)) is [var only] && only == before, Stop);
        Assert.EndsWith($"order {old[..14]} runs on as before.", failed, StringComparison.Ordinal);

        Compose.Write(stack, "updated.yaml", first);
        var updated = await DoAsync("update", file, "--name", "updated", "--scale", "web=2");
        string now = updated.GetProperty("deployed").GetProperty("orderHash").GetString()!;
        Assert.Equal(old, updated.GetProperty("replaced")[0].GetProperty("orderHash").GetString());
        Assert.Equal(2, updated.GetProperty("deployed").GetProperty("replicas").GetArrayLength());
        await Deadline.UntilAsync("the old container is gone", async stop => (await ContainersAsync(stop)) is { Count: 2 } two && !two.Any(c => c.Id == before.Id), Stop);

        var repeated = await DoAsync("update", file, "--name", "updated", "--scale", "web=2");
        Assert.Equal((now, 0), (repeated.GetProperty("deployed").GetProperty("orderHash").GetString(), repeated.GetProperty("replaced").GetArrayLength()));
        Assert.Equal(now, (await InspectAsync("updated")).GetProperty("orderHash").GetString());
        await DoAsync("close", "updated", "--wait");
    }

    private Task<IReadOnlyList<LeasedContainer>> ContainersAsync(CancellationToken stop) => stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), stop);

    private async Task<JsonElement> DoAsync(params IReadOnlyList<string> arguments) => (await stack.CliAsync(Role.User, Stop, arguments)).Json();

    private async Task<JsonElement> InspectAsync(string name) => (await DoAsync("inspect", name)).GetProperty("order");

    private async Task<string> RefusedAsync(string code, params IReadOnlyList<string> arguments)
    {
        var problem = (await stack.CliAsync(Role.User, Stop, arguments)).Problem();
        Assert.Equal(code, problem.Code);
        return problem.Detail!;
    }

    private static System.Numerics.BigInteger Wei(JsonElement json, string name) =>
        System.Numerics.BigInteger.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
