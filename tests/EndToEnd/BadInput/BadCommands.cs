using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

/// <summary>What people type wrong: the program says what and where, and nothing has happened.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class BadCommands(RealStack stack)
{
    private const string Nobody = "http://127.0.0.1:1";
    private const string Poor = "poor";
    private static readonly string NoImage = "sha256:" + new string('1', 64);

    private static readonly Dictionary<string, BadCommand> Table = new(StringComparer.Ordinal)
    {
        ["a malformed Compose file"] = BadCommand.Deploy("compose-malformed", "services:\n  web:\n    image: [demo/web\n    ports: 1\n") with { Line = 3 },
        ["an unknown key"] = BadCommand.Deploy("compose-unsupported-key", "services:\n  web:\n    image: demo/web\n    privileged: true\n") with { Line = 4, Says = "privileged" },
        ["an image that nobody published"] = BadCommand.Deploy("image-not-minted", Compose.Single("nobody/nothing", "eu-central")) with { Says = "nobody/nothing" },
        ["a digest without an NFT"] = BadCommand.Deploy("image-not-minted", Compose.Single("demo/web@" + NoImage, "eu-central")) with { Says = NoImage },
        ["an insufficient balance"] = BadCommand.Deploy("insufficient-balance", Compose.Single("demo/web", "eu-central")) with { Wallet = Poor, Says = "escrow" },
        ["an order bigger than every COE"] = BadCommand.Deploy("no-capacity", Compose.Single("demo/web", "eu-central", cpus: "64")) with { Says = "COEs" },
        ["a region without a COE"] = BadCommand.Deploy("no-capacity", Compose.Single("demo/web", "nz")),
        ["a cap below the price"] = BadCommand.Deploy("invalid-value", Compose.Single("demo/web", "eu-central") + "  max-total: 0.000001\n") with { Field = "max-total" },
        ["an unknown order"] = new("not-found", ["close", "nothing-like-it"]) { Says = "nothing-like-it" },
        ["logs of an unknown lease"] = new("not-found", ["logs", "nothing-like-it"]) { Says = "nothing-like-it" },
        ["a deposit of more than there is"] = new("wallet-too-poor", ["deposit", "1000000000"]),
        ["a withdrawal of more than there is"] = new("insufficient-balance", ["withdraw", "1000000000"]),
        ["a COE without tokens for its stake"] = new("wallet-too-poor", [.. Offer.Registration(Role.Hosts[0] with { Coe = "poor-coe" }, Poor)]) { Wallet = Poor },
        ["a COE whose agent's key did not agree"] = new("consent-needed", [.. Offer.Registration(Role.Hosts[0] with { Coe = "poor-coe" }, "0x00000000000000000000000000000000000000a1")]) { Wallet = Poor },
        ["a wallet that is not here"] = new("wallet-unknown", ["withdraw"]) { Wallet = "stranger", Says = "stranger" },
        ["a chain that does not answer"] = new("chain-unreachable", ["withdraw", "--rpc", Nobody]) { Says = Nobody },
        ["a control plane that does not answer"] = new("control-plane-unreachable", ["coe", "ls", "--endpoint", Nobody]) { Says = Nobody },
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_command_is_told_what_is_wrong_and_changes_nothing(string name)
    {
        var bad = Table[name];
        await stack.ComeToRestAsync(Stop);
        await HaveWalletAsync(bad.Wallet);
        string file = Compose.Write(stack, "bad.yaml", bad.File ?? "");
        var before = await Snapshot.TakeAsync(stack, Stop);

        var problem = (await stack.CliAsync(bad.Wallet, Stop, bad.File is null ? bad.Arguments : [.. bad.Arguments, file, "--name", name.Replace(' ', '-')])).Problem();

        Assert.Equal((bad.Code, "urn:dweb:error:" + bad.Code), (problem.Code, problem.Type));
        Assert.Contains(bad.Says, problem.Detail, StringComparison.Ordinal);
        Assert.NotNull(problem.Hint);
        string? field = bad.Line is { } line ? $"{file}:{line}" : bad.Field;
        Assert.True(field is null || field == problem.Field, $"the field is {problem.Field}, not {field}");
        await before.AssertUnchangedAsync(stack, name, Stop);
    }

    [Fact]
    public async Task People_read_the_file_the_line_and_the_key_in_one_line_and_what_to_do_in_another()
    {
        string file = Compose.Write(stack, "people.yaml", "services:\n  web:\n    image: demo/web\n    privileged: true\n");
        var result = await stack.Tool.Run(stack.Local.Cli.Launch(Role.User, ["deploy", file, "--yes"]), heard: null, Stop);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"error: {file}:4: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("privileged", result.Errors, StringComparison.Ordinal);
        Assert.StartsWith("hint: ", result.Errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private async Task HaveWalletAsync(string name)
    {
        if (name == Poor && !File.Exists(stack.Local.Wallets.Keystore(Poor)))
        {
            (await stack.CliAsync(Poor, Stop, "wallet", "new", Poor, "--light")).Json();
        }
    }
}

/// <param name="Code">Of the catalogue.</param>
internal sealed record BadCommand(string Code, IReadOnlyList<string> Arguments)
{
    public string Wallet { get; init; } = Role.User;

    /// <summary>A Compose file to deploy, whose name follows the arguments.</summary>
    public string? File { get; init; }

    /// <summary>Where in the file the error is.</summary>
    public int? Line { get; init; }

    public string? Field { get; init; }

    /// <summary>What the sentence has to name.</summary>
    public string Says { get; init; } = "";

    public static BadCommand Deploy(string code, string file) => new(code, ["deploy"]) { File = file };
}
