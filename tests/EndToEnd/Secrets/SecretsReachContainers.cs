using System.Security.Cryptography;
using Dweb.Core.Protocol;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Secrets;

/// <summary>A user's secret from a file of theirs to a file in their container: it stays among the COEs that they chose, and nobody else ever has it in the clear.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class SecretsReachContainers(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_follows_its_replica_to_the_chosen_hosts_alone_and_over_a_wiped_control_plane()
    {
        await stack.ComeToRestAsync(Stop);
        string content = "hunter2-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string file = Compose.Write(stack, "secretive.yaml", Compose.Single("demo/web", "eu-central").Replace("    stop_grace_period", "    secrets: [db]\n    stop_grace_period", StringComparison.Ordinal) + "secrets: { db: { file: db.txt } }\n");
        string secret = Compose.Write(stack, "db.txt", content);
        string[] chosen = [.. stack.Local.Hosts.Take(2).Select(static host => host.Coe)];
        string[] deploy = ["deploy", file, "--name", "secretive", "--secret-host", chosen[0], "--secret-host", chosen[1], "--wait"];
        string order = (await stack.CliAsync(Role.User, Stop, deploy)).Json().GetProperty("orderHash").GetString()!;
        Assert.Equal(order, (await stack.CliAsync(Role.User, Stop, deploy)).Json().GetProperty("orderHash").GetString());

        var first = await RunningAsync();
        Assert.Contains(first.Coe, chosen, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(content, await stack.Containers.ReadFileAsync(first.Id, "/run/secrets/db", Stop));
        Assert.DoesNotContain(content, await stack.Containers.InspectAsync(first.Id, Stop), StringComparison.Ordinal);
        Assert.Equal("Reproduced", (await stack.CliAsync(Role.User, Stop, "schedule", "verify", first.Lease)).Json().GetProperty("outcome").GetString());

        // Nothing but the agent's own copy, sealed, can bring them back.
        File.Delete(secret);
        await stack.Local.ResetControlPlane(Stop);
        await Deadline.UntilAsync("the control plane has the spec again", async _ => (await stack.CliAsync(Role.User, Stop, "inspect", order)) is { ExitCode: 0 } told
            && told.Json().GetProperty("order").GetProperty("leases").EnumerateArray().All(static lease => lease.GetProperty("serviceName").GetString() == "web"), Stop);
        (await stack.CliAsync(Role.User, Stop, "lease", "move", first.Lease)).Json();
        var second = await RunningAsync(first.Lease);
        Assert.Contains(second.Coe, chosen, StringComparer.OrdinalIgnoreCase);
        Assert.NotEqual(first.Coe, second.Coe);
        Assert.Equal(content, await stack.Containers.ReadFileAsync(second.Id, "/run/secrets/db", Stop));

        AssertNowhere(content);
        (await stack.CliAsync(Role.User, Stop, "close", order, "--wait")).Json();
        await Deadline.UntilAsync("no memory with secrets is left", async stop =>
            !(await File.ReadAllTextAsync("/proc/self/mountinfo", stop)).Contains(second.Lease, StringComparison.OrdinalIgnoreCase), Stop);
    }

    [Fact]
    public async Task Another_content_is_another_deployment()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "rotated.yaml", Compose.Single("demo/web", "eu-central").Replace("    stop_grace_period", "    secrets: [db]\n    stop_grace_period", StringComparison.Ordinal) + "secrets: { db: }\n");
        string[] secret = ["--secret", "db=" + Compose.Write(stack, "rotated.txt", "one")];
        string missing = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", "rotated")).Problem().Code;
        string old = (await stack.CliAsync(Role.User, Stop, ["deploy", file, "--name", "rotated", "--wait", .. secret])).Json().GetProperty("orderHash").GetString()!;
        Compose.Write(stack, "rotated.txt", "two");
        var updated = (await stack.CliAsync(Role.User, Stop, ["update", file, "--name", "rotated", .. secret])).Json();
        Assert.Equal("secret-missing", missing);
        Assert.Equal(old, updated.GetProperty("replaced")[0].GetProperty("orderHash").GetString());
        string replacing = updated.GetProperty("deployed").GetProperty("orderHash").GetString()!;
        string now = (await Leases.OnlyOneAsync(stack, replacing, Stop)).ToString();
        var container = await Deadline.UntilAsync("the new container", async stop => (await ContainersAsync(stop)).FirstOrDefault(c => IsOf(c, now)), Stop);
        Assert.Equal("two", await stack.Containers.ReadFileAsync(container.Id, "/run/secrets/db", Stop));
        (await stack.CliAsync(Role.User, Stop, "close", replacing, "--wait")).Json();
    }

    /// <summary>The order's container, once it runs in a lease that is not this one.</summary>
    private Task<LeasedContainer> RunningAsync(string? notOf = null) => Deadline.UntilAsync(
        "the container runs", async stop => (await ContainersAsync(stop)).FirstOrDefault(container => container.State == "running" && (notOf is null || !IsOf(container, notOf))), Stop);

    private Task<IReadOnlyList<LeasedContainer>> ContainersAsync(CancellationToken stop) => stack.Containers.ListAsync(stack.Local.Hosts.Select(static host => host.Coe), stop);

    private static bool IsOf(LeasedContainer container, string lease) => Hash32.Parse(container.Lease) == Hash32.Parse(lease);

    /// <summary>No log and no file of any part has it, but for what is memory by its file system. Locks, which nobody else may open, have nothing in them.</summary>
    private void AssertNowhere(string content)
    {
        string[] memory = [.. Mounts.Points("ramfs").Select(static point => point + "/")];
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        bool MayHold(string file) => !file.EndsWith(".lock", StringComparison.Ordinal) && !memory.Any(mount => file.StartsWith(mount, StringComparison.Ordinal));
        foreach (string file in Directory.EnumerateFiles(stack.State.Root, "*", options).Where(MayHold))
        {
            Assert.False(Holds(file, content), file);
        }
    }

    private static bool Holds(string file, string content)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length is 0 or > 64 * 1024 * 1024)
        {
            return false;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(content)) >= 0;
    }
}
