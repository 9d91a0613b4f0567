using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Sealing;

namespace Dweb.Agent.Tests.Whole;

/// <summary>A user's secrets on a whole agent, from sealed bundle to container and gone.</summary>
[SupportedOSPlatform("linux")]
[Trait("Category", "Integration")]
[Collection(World.Collection)]
public sealed class SecretsTests(World world)
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly string content = "hunter2-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    [Fact]
    public async Task They_are_files_in_memory_for_the_container_alone_and_go_when_it_ends()
    {
        await using var coe = await world.FoundAsync(cancel);
        var made = Seal(coe);
        coe.Plane.Bundles[made.Spec.Bundle] = made.Bundle;
        var lease = await coe.OpenAsync(Showing(coe, made), cancel);
        coe.Plane.Assign(lease);
        await using (var agent = await coe.StartAsync(cancel))
        {
            Assert.Equal(content, await ReadAsync(await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel)));
            var container = (await coe.ContainerAsync(lease.LeaseId, cancel))!;
            Assert.Equal((UnixFileMode)0b100_100_100, File.GetUnixFileMode($"/proc/{container.Pid}/root/run/secrets/db"));
            string mounts = await File.ReadAllTextAsync($"/proc/{container.Pid}/mountinfo", cancel);
            string mount = Assert.Single(mounts.Split('\n'), static line => line.Contains(" /run/secrets ", StringComparison.Ordinal));
            Assert.Contains(" ro,", mount, StringComparison.Ordinal);
            Assert.Equal("ramfs", MountPoints.FindType(mounts.Split('\n'), "/run/secrets"));

            Assert.DoesNotContain(content, await InspectAsync(container.Id), StringComparison.Ordinal);
            await AssertNotOnDiskAsync(coe);
            Assert.DoesNotContain(content, agent.Errors, StringComparison.Ordinal);

            await world.Chain.EndAsync(lease, coe.Id, cancel);
            coe.Plane.Assign(lease with { Stop = true });
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Stopped, cancel);
            while (Directory.Exists(Path.Combine(coe.Secrets, lease.LeaseId.ToString())))
            {
                await Task.Delay(20, cancel);
            }

            await world.Chain.FinaliseAsync(lease, coe.Id, cancel);
            while (Directory.EnumerateFileSystemEntries(coe.Secrets).Any())
            {
                await Task.Delay(50, cancel);
            }
        }

        Assert.DoesNotContain(lease.LeaseId.ToString(), await File.ReadAllTextAsync("/proc/self/mountinfo", cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_container_finds_them_and_a_restarted_machine_opens_them_again()
    {
        await using var coe = await world.FoundAsync(cancel);
        var made = Seal(coe);
        coe.Plane.Bundles[made.Spec.Bundle] = made.Bundle;
        var lease = await coe.OpenAsync(Showing(coe, made), cancel);
        coe.Plane.Assign(lease);
        string name = ContainerNames.Of(lease.LeaseId);
        await using (await coe.StartAsync(cancel))
        {
            await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        }

        await world.Runtime.StopAsync(name, cancel);
        await world.Runtime.StartAsync(name, cancel);
        var restarted = (await coe.ContainerAsync(lease.LeaseId, cancel))!;
        Assert.Equal(content, await File.ReadAllTextAsync($"/proc/{restarted.Pid}/root/run/secrets/db", cancel));

        // As at a boot: memory is empty, the engine is up first and cannot start the container; and no control plane has the secrets any more.
        await world.Runtime.StopAsync(name, cancel);
        await HostTool.RunAsync("umount", [Path.Combine(coe.Secrets, lease.LeaseId.ToString())], null, cancel);
        await Assert.ThrowsAsync<RuntimeException>(() => world.Runtime.StartAsync(name, cancel));
        coe.Plane.Bundles.Clear();
        coe.Plane.Reports.Clear();
        await using (await coe.StartAsync(cancel))
        {
            Assert.Equal(content, await ReadAsync(await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel)));
        }
    }

    [Fact]
    public async Task Those_sealed_for_another_agent_are_refused_and_nothing_runs()
    {
        await using var coe = await world.FoundAsync(cancel);
        var made = Seal(coe, Keccak256.Hash("another agent's key"));
        coe.Plane.Bundles[made.Spec.Bundle] = made.Bundle;
        var lease = await coe.OpenAsync(Showing(coe, made), cancel);
        coe.Plane.Assign(lease);
        await using var agent = await coe.StartAsync(cancel);
        var refused = await coe.UntilAsync(lease.LeaseId, LeasePhase.Refused, cancel);
        Assert.Equal(Catalogue.SecretsUnopened.Code, refused.Code);
        Assert.Contains("secrets.keys[0].sealed", refused.Detail, StringComparison.Ordinal);
        Assert.Null(await coe.ContainerAsync(lease.LeaseId, cancel));
    }

    [Fact]
    public async Task A_lease_waits_for_its_secrets_and_offers_them_to_a_control_plane_that_lost_them()
    {
        await using var coe = await world.FoundAsync(cancel);
        var made = Seal(coe);
        var lease = await coe.OpenAsync(Showing(coe, made), cancel);
        coe.Plane.Bundles[made.Spec.Bundle] = [.. made.Bundle, 0];
        coe.Plane.Assign(lease);
        await using var agent = await coe.StartAsync(cancel);
        while (!coe.Plane.Reports.Any(static report => report.Code == Catalogue.SecretsUnavailable.Code && report.Detail!.Contains("hashes to", StringComparison.Ordinal)))
        {
            await Task.Delay(20, cancel);
        }

        Assert.Null(await coe.ContainerAsync(lease.LeaseId, cancel));
        coe.Plane.Bundles[made.Spec.Bundle] = made.Bundle;
        await coe.UntilAsync(lease.LeaseId, LeasePhase.Running, cancel);
        Assert.Equal(SealingKeyPairOf(coe), coe.Plane.Heartbeats.First().Sealing!.Key);

        coe.Plane.Bundles.Clear();
        coe.Plane.Assign(lease with { Spec = "" });
        while (coe.Plane.Specs.IsEmpty)
        {
            await Task.Delay(20, cancel);
        }

        Assert.Equal(made.Bundle, coe.Plane.Bundles[made.Spec.Bundle]);
    }

    private SealedSecrets Seal(Coe coe, Hash32? key = null) => SealedSecrets.Seal(
        new Dictionary<string, byte[]> { ["db"] = Encoding.UTF8.GetBytes(content) }, [new SecretHost(coe.Id, key ?? SealingKeyPairOf(coe))], RandomNumberGenerator.GetBytes);

    private static Hash32 SealingKeyPairOf(Coe coe)
    {
        using var pair = SealingKeyPair.OfAgent(coe.Key.ExportBytes());
        return pair.PublicKey;
    }

    // A web server that gives away what it should keep, so that a test sees it.
    private static ContainerSpec Showing(Coe coe, SealedSecrets made) => coe.Web() with { Command = ["httpd", "-f", "-p", "8080", "-h", "/run/secrets"], Secrets = made.Spec };

    private async Task<string> ReadAsync(LeaseReport running)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(Assert.Single(running.Urls) + "/db"), cancel);
    }

    /// <summary>All that the engine tells of a container, as it tells it.</summary>
    private async Task<string> InspectAsync(string id)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = static async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(DockerUnderTest.Address.LocalPath), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        string told = await http.GetStringAsync(new Uri($"http://engine/containers/{id}/json"), cancel);
        Assert.Contains("/run/secrets", told, StringComparison.Ordinal);
        return told;
    }

    /// <summary>Looks at the agent's folder without what is mounted in it.</summary>
    private async Task AssertNotOnDiskAsync(Coe coe)
    {
        using var under = new TemporaryFolder();
        await HostTool.RunAsync("mount", ["--bind", coe.Home, under.Path], null, cancel);
        try
        {
            string[] files = Directory.GetFiles(under.Path, "*", SearchOption.AllDirectories);
            Assert.Contains(files, static file => file.EndsWith(".sealed", StringComparison.Ordinal));
            byte[] wanted = Encoding.UTF8.GetBytes(content);
            foreach (string file in files.Where(static file => !file.EndsWith("/lock", StringComparison.Ordinal)))
            {
                try
                {
                    Assert.Equal(-1, (await File.ReadAllBytesAsync(file, cancel)).AsSpan().IndexOf(wanted));
                }
                catch (FileNotFoundException)
                {
                    // The agent goes on writing: what was about to take a record's place has done so.
                }
            }
        }
        finally
        {
            await HostTool.RunAsync("umount", [under.Path], null, CancellationToken.None);
        }
    }
}
