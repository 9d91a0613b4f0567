using Dweb.Cli.Doctor;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Tests.Doctor;

public sealed class DoctorTests
{
    private static readonly EvmAddress Book = EvmAddress.Parse("0x0000000000000000000000000000000000000007");
    private static readonly HealthView Well = new("ok", "1.2.3", 31337, 1_000, 1_000, 2, [], Book);

    [Fact]
    public void What_agrees_is_well() => Assert.All(
        [
            Judgements.Version(Well, "1.2.3"), Judgements.Agreement(Well, 31337, Book), Judgements.Index(Well, 1_050),
            Judgements.Gas(1), Judgements.Money(0, 1, 0), Judgements.Folder("/home", UnixFileMode.UserRead), Judgements.Folder("/home", null),
        ],
        static finding => Assert.Equal((FindingState.Ok, null), (finding.State, finding.Mend)));

    [Fact]
    public void What_will_be_missed_is_a_warning_with_its_mend() => Assert.All(
        [
            Judgements.Version(Well, "1.2.4"), Judgements.Version(Well with { Status = "degraded" }, "1.2.3"), Judgements.Version(Well with { LiveCoes = 0 }, "1.2.3"),
            Judgements.Index(Well, 1_101), Judgements.Gas(0), Judgements.Money(0, 0, 0), Judgements.Money(1, 0, 0),
        ],
        static finding => Assert.True(finding is { State: FindingState.Warning, Mend.Length: > 0 }, finding.ToString()));

    [Fact]
    public void What_cannot_work_is_wrong_with_its_mend() => Assert.All(
        [
            Judgements.Agreement(Well, 1, Book), Judgements.Agreement(Well, 31337, EvmAddress.Zero),
            Judgements.Folder("/home", UnixFileMode.UserRead | UnixFileMode.OtherRead),
        ],
        static finding => Assert.True(finding is { State: FindingState.Wrong, Mend.Length: > 0 }, finding.ToString()));

    [Fact]
    public async Task Everything_is_looked_at_and_what_is_wrong_ends_with_1()
    {
        using var plane = new FakeControlPlane(static _ => new FakeAnswer(404));
        using var cli = new CliProgram();
        await cli.RunAsync("wallet", "new", "alice", "--light");
        cli.Configure(plane.Address, "http://127.0.0.1:9", null, cli.Write("deployment.json", Deployments.Text(31337)));
        File.SetUnixFileMode(Path.Combine(cli.Home, "wallets", "alice.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var people = await cli.RunAsync("doctor", "--wallet", "alice");
        var machine = await cli.RunAsync("doctor", "--wallet", "alice", "--json");

        Assert.Equal(1, people.ExitCode);
        Assert.Contains("WRONG  chain: ", people.Output, StringComparison.Ordinal);
        Assert.Contains("mend: chmod -R go-rwx", people.Output, StringComparison.Ordinal);
        Assert.Contains("error: 3 of 10 checks found something wrong: home, control plane, chain.", people.Errors, StringComparison.Ordinal);
        Assert.Equal(
            [
                ("machine", "Ok"), ("home", "Wrong"), ("wallet", "Ok"), ("control plane", "Wrong"), ("chain", "Wrong"), ("clock", "Skipped"), ("same chain", "Skipped"),
                ("index", "Skipped"), ("gas", "Skipped"), ("money", "Skipped"),
            ],
            machine.Json().EnumerateArray().Select(static f => (f.GetProperty("check").GetString(), f.GetProperty("state").GetString())));
    }
}
