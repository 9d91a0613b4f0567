using System.Diagnostics;
using System.Numerics;
using System.Text.Json;

namespace Dweb.EndToEnd.Tests;

/// <summary>The demo as a person runs it, beside any stack that is up, judged by its report alone.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TheDemoAccountsForEveryWei : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("dweb demo ");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_answer_also_after_their_host_is_killed_and_what_came_in_is_what_went_out()
    {
        var file = Path.Combine(_state.FullName, "report.json");
        var (code, output) = await Demo("--report", file);
        Assert.True(code == 0, output);

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, Stop));
        var report = document.RootElement;
        Assert.True(report.GetProperty("ok").GetBoolean());
        var replicas = report.GetProperty("replicas").EnumerateArray().ToList();
        // Three that were deployed and the three of the release that followed; of those between, as many as hosts had failed them.
        Assert.InRange(replicas.Count, 9, 11);
        Assert.Equal(3, replicas.Take(3).Select(r => r.GetProperty("coe").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(replicas, r => Assert.Equal(200, r.GetProperty("status").GetInt32()));
        Assert.True(report.GetProperty("settlements").GetInt32() >= 2);
        Assert.True(report.GetProperty("pairs").GetArrayLength() >= 5);
        Assert.True(report.GetProperty("failoverMs").GetInt64() > 0);
        AssertFailures(report);

        var ledger = report.GetProperty("ledger");
        var parts = (string[])["coeHosts", "royalties", "treasury", "refunded"];
        Assert.All([.. parts, "bonds"], part => Assert.True(Wei(ledger, part) > 0, part));
        Assert.Equal(Wei(ledger, "deposited") + Wei(ledger, "bonds"), parts.Aggregate(BigInteger.Zero, (sum, part) => sum + Wei(ledger, part)));
        Assert.Equal(0, Wei(ledger, "difference"));

        var payees = report.GetProperty("payees").EnumerateArray().ToDictionary(p => $"{p.GetProperty("who").GetString()}, {p.GetProperty("why").GetString()}", p => Wei(p, "amount"));
        BigInteger dao = payees["DAO 'tools', owner of code or image, or commons"];
        Assert.Equal((dao * 50 / 100, dao * 30 / 100), (payees["maintainer-1, member of DAO 'tools'"], payees["maintainer-2, member of DAO 'tools'"]));
        Assert.Equal((dao * 15 / 100, dao * 5 / 100), (payees["friend-1, member of DAO 'club'"], payees["friend-2, member of DAO 'club'"]));

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_state.FullName, "run")));
        Assert.All(replicas, r => Assert.False(Serves(r.GetProperty("url").GetString()!)));
    }

    /// <summary>A host that never ran lost its bond; one that did not serve lost its pay; each left with the rest of its stake.</summary>
    private static void AssertFailures(JsonElement report)
    {
        Assert.Equal("east", report.GetProperty("noShow").GetProperty("coe").GetString());
        Assert.True(report.GetProperty("dispute").GetProperty("seconds").GetUInt32() >= 4);
        Assert.True(Wei(report.GetProperty("dispute"), "refunded") > 0);
        var stakes = report.GetProperty("stakes").EnumerateArray().ToDictionary(s => s.GetProperty("who").GetString()!);
        Assert.Equal(["host-1", "host-2", "host-3", "host-4"], stakes.Keys.Order(StringComparer.Ordinal));
        Assert.All(stakes.Values, static s => Assert.Equal(Wei(s, "staked"), Wei(s, "lost") + Wei(s, "withdrawn")));
        Assert.Equal(Wei(report.GetProperty("noShow"), "bond"), Wei(stakes["host-4"], "lost"));
        Assert.Equal(Wei(report.GetProperty("ledger"), "bonds"), stakes.Values.Aggregate(BigInteger.Zero, static (sum, s) => sum + Wei(s, "lost")));
    }

    public void Dispose() => _state.Delete(recursive: true);

    private async Task<(int Code, string Output)> Demo(params string[] arguments)
    {
        using var demo = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(Root(), "dweb"), ["demo", .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["DWEB_STATE"] = _state.FullName },
            },
        };
        demo.Start();
        var output = demo.StandardOutput.ReadToEndAsync(Stop);
        var errors = demo.StandardError.ReadToEndAsync(Stop);
        await demo.WaitForExitAsync(Stop);
        return (demo.ExitCode, await output + await errors);
    }

    /// <summary>Whether anybody still listens where a replica was.</summary>
    private static bool Serves(string url)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect(new Uri(url).Host, new Uri(url).Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static BigInteger Wei(JsonElement ledger, string name) => BigInteger.Parse(ledger.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside a checkout.");
        }

        return folder;
    }
}
