using System.Runtime.InteropServices;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Integration;

/// <summary>Folders of a host without a service, and the words that are about them.</summary>
internal sealed class HostMachine
{
    private readonly CliProgram cli;
    private readonly LocalChain chain;

    public HostMachine(CliProgram cli, LocalChain chain)
    {
        (this.cli, this.chain) = (cli, chain);
        Config = Path.Combine(cli.Folder, "etc dweb");
        Data = Path.Combine(cli.Folder, "var dweb");

        // The agent's launcher finds the runtime of these tests.
        cli.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }

    public string Config { get; }

    public string Data { get; }

    public string Settings => Path.Combine(Config, "agent.json");

    public string[] Folders => ["--config-folder", Config, "--data-folder", Data, "--no-service", "--agent-program", Places.Agent];

    /// <summary>The words that plug it in; the line is not measured, and no engine is where it is said to be.</summary>
    public string[] Join(string name, params string[] more) =>
        ["coe", "join", name, "--region", "eu-central", "--bandwidth", "1000", "--engine", "unix:///nowhere/docker.sock", .. Folders, .. more];

    public string[] Leave(string name, params string[] more) => ["coe", "leave", name, "--no-wait", .. Folders, .. more];

    public PrivateKey Key() => KeystoreV3.Decrypt(
        File.ReadAllText(Path.Combine(Config, "agent-key.json")), File.ReadAllText(Path.Combine(Config, "agent-password")).TrimEnd('\n'));

    public async Task<Coe> OnChainAsync(Hash32 coe) => await new CoeRegistry(
        chain.Client, EvmAddress.Parse(JsonDocument.Parse(chain.DeploymentFile).RootElement.GetProperty("contracts").GetProperty("CoeRegistry").GetString()!))
        .CoeOfAsync(coe, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>What the real agent's doctor finds about each of its checks.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ExamineAsync()
    {
        var result = await cli.RunAsync(["coe", "doctor", "--json", .. Folders]);
        Assert.True(result.ExitCode == 1, result.Output + result.Errors);
        Assert.Equal("unwell", result.Problem().GetProperty("code").GetString());
        return result.Json().EnumerateArray().GroupBy(static f => f.GetProperty("check").GetString()!)
            .ToDictionary(static same => same.Key, static same => same.First().GetProperty("state").GetString()!);
    }

    public static IReadOnlyDictionary<string, string> Steps(JsonElement view) => view.GetProperty("steps").EnumerateArray()
        .ToDictionary(static step => step.GetProperty("step").GetString()!, static step => step.GetProperty("state").GetString()!);
}
