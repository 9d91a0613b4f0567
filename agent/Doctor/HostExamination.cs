using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Settings;
using Dweb.Agent.Startup;
using Dweb.Agent.Trust;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Doctor;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Doctor;

/// <summary>Looks at a host: settings, files, engine, kernel, chain, registration, registry and control planes. It changes nothing and signs nothing.</summary>
internal sealed class HostExamination(string settingsFile, HttpClient http, TimeProvider time)
{
    private const int StorageIndex = 2;
    private readonly List<Finding> findings = [];

    /// <param name="http">Its timeout bounds each question.</param>
    public static async Task<IReadOnlyList<Finding>> MakeAsync(string settingsFile, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        var examination = new HostExamination(settingsFile, http, time);
        await examination.LookAsync(cancellationToken);
        return examination.findings;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (ReadSettings() is not var (settings, contracts))
        {
            return;
        }

        var key = Files(settings);
        var machine = HostMachine.Look(settings.DataFolder);
        findings.Add(HostJudgements.Metering(machine.Cgroups));
        var means = IsolationMeans.Look(settings.Coe);
        findings.Add(IsolationJudgements.Tools(means.MissingPackages));
        findings.Add(IsolationJudgements.Rights(means.Capabilities));
        findings.Add(IsolationJudgements.Volumes(means.HasLoopDevices));
        findings.Add(IsolationJudgements.Range(settings.NetworkRange, means.Networks));
        await EngineAsync(settings, cancellationToken);
        await ChainAsync(settings, contracts, key, machine, cancellationToken);
        await AnswersAsync("registry", new Uri(settings.Registry.BaseUri, "v2/"), "Start it, or correct 'registry'.", cancellationToken);
        foreach (var plane in settings.ControlPlanes)
        {
            await PlaneAsync(plane, settings, contracts, cancellationToken);
        }

        foreach (var member in settings.Members)
        {
            await AnswersAsync("scheduler member", member, "Start it, or correct 'members'.", cancellationToken);
        }
    }

    private (AgentSettings Settings, ContractAddresses Contracts)? ReadSettings()
    {
        try
        {
            var settings = SettingsFile.Load(settingsFile);
            var contracts = Deployment.Load(settings);
            findings.Add(Finding.Ok("settings", settingsFile));
            return (settings, contracts);
        }
        catch (SettingsException wrong)
        {
            findings.AddRange(wrong.Problems.Select(static problem => Finding.Wrong("settings", problem, "Correct the file; docs/operations.md lists the settings.")));
            return null;
        }
    }

    /// <returns>The agent's address; null where its keystore does not open.</returns>
    private EvmAddress? Files(AgentSettings settings)
    {
        EvmAddress? key = null;
        Try("key", () =>
        {
            key = AgentKey.Open(settings).Address;
            return Finding.Ok("key", $"the keystore opens, it holds {key}");
        });
        if (!OperatingSystem.IsWindows())
        {
            findings.Add(HostJudgements.Secret("keystore", settings.Keystore, File.GetUnixFileMode(settings.Keystore)));
            findings.Add(HostJudgements.Secret("password", settings.PasswordFile, File.GetUnixFileMode(settings.PasswordFile)));
        }

        findings.Add(HostJudgements.Folder(settings.DataFolder, State.DataFolder.IsHeld(settings.DataFolder)));
        return key;
    }

    private async Task EngineAsync(AgentSettings settings, CancellationToken cancellationToken)
    {
        using var runtime = settings.Runtime.Open(settings.Engine);
        await TryAsync("engine", async () => HostJudgements.Engine(await Preflight.CheckEngineAsync(runtime, settings, cancellationToken), settings.Engine, runtime.Lacks));
    }

    private async Task ChainAsync(AgentSettings settings, ContractAddresses contracts, EvmAddress? key, HostMachine machine, CancellationToken cancellationToken)
    {
        var nodes = ChainNodes.Over(http, settings.RpcUrls, time);
        var heads = await Task.WhenAll(nodes.All.Select(node => HeadAsync(node, cancellationToken)));
        findings.Add(HostJudgements.Nodes(heads.Count(static head => head is not null), heads.Length));
        if (heads.FirstOrDefault(static head => head is not null) is not { } newest)
        {
            findings.AddRange(((string[])["clock", "registration", "COE", "stake", "capacity"]).Select(static check => Finding.Skip(check, "a chain node")));
            return;
        }

        findings.Add(CommonJudgements.Clock(time.GetUtcNow().ToUnixTimeSeconds(), newest.Timestamp));
        if (key is { } own)
        {
            await TryAsync("registration", async () =>
            {
                var me = await Preflight.CheckChainAsync(nodes, settings, contracts.LeaseBook, contracts.CoeRegistry, own, cancellationToken);
                return Finding.Ok("registration", $"COE '{me.CoeName}' is registered on chain {settings.ChainId} with this agent's key");
            });
        }
        else
        {
            findings.Add(Finding.Skip("registration", "the agent's key"));
        }

        await TryAsync("COE", async () =>
        {
            var coe = await nodes.AskAsync(node => new CoeRegistry(node, contracts.CoeRegistry).CoeOfAsync(settings.Coe, cancellationToken: cancellationToken));
            var offer = await nodes.AskAsync(node => new CoeRegistry(node, contracts.CoeRegistry).OfferOfAsync(settings.Coe, contracts.LeaseBook, cancellationToken: cancellationToken));
            findings.Add(HostJudgements.Stake(coe.Stake, coe.Locked));
            findings.Add(HostJudgements.Capacity(ResourceVector.FromList(coe.Capacity), coe.Assigned[StorageIndex], machine));
            return HostJudgements.Standing(coe.Name, (CoeStatus)coe.Status, offer.Accepted, offer.OsRevoked);
        });
    }

    /// <returns>Null when the node does not answer.</returns>
    private static async Task<BlockHead?> HeadAsync(ChainClient node, CancellationToken cancellationToken)
    {
        try
        {
            return await node.GetHeadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is RpcException or RpcUnavailableException)
        {
            // Counted as one that does not answer.
            return null;
        }
    }

    private async Task PlaneAsync(Uri plane, AgentSettings settings, ContractAddresses contracts, CancellationToken cancellationToken)
    {
        if (await ReadAsync(At(plane, "/api/health"), DwebJson.Default.HealthView, cancellationToken) is { } health)
        {
            findings.Add(HostJudgements.Plane(plane, health, settings.ChainId, contracts.LeaseBook));
            if (await ReadAsync(At(plane, $"/api/coes/{settings.Coe}"), DwebJson.Default.CoeView, cancellationToken) is { } view)
            {
                findings.Add(HostJudgements.Heard(plane, view.Live));
            }
        }
    }

    // A control plane may stand below a path.
    private static Uri At(Uri plane, string path) => new(plane.AbsoluteUri.TrimEnd('/') + path);

    private async Task<T?> ReadAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("It is null.");
            }

            findings.Add(Finding.Wrong("control plane", $"{address} answers HTTP {(int)answer.StatusCode}.", "Correct 'controlPlanes', or tell its operator."));
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken) || failure is JsonException)
        {
            findings.Add(Finding.Wrong("control plane", $"{address} gives no answer that can be read: {failure.Message}", "Start it, correct 'controlPlanes', or open the way to it."));
        }

        return null;
    }

    /// <summary>Whatever it answers, it is there.</summary>
    private async Task AnswersAsync(string check, Uri address, string mend, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            findings.Add(Finding.Ok(check, $"{address} answers"));
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken))
        {
            findings.Add(Finding.Wrong(check, $"{address} does not answer: {failure.Message}", mend));
        }
    }

    private static bool IsSilence(Exception failure, CancellationToken cancellationToken) =>
        NetworkFaults.Is(failure) || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private void Try(string check, Func<Finding> look)
    {
        try
        {
            findings.Add(look());
        }
        catch (StartupException wrong)
        {
            findings.Add(Finding.Wrong(check, wrong.Message.ReplaceLineEndings(" "), wrong.Hint));
        }
    }

    private async Task TryAsync(string check, Func<Task<Finding>> look)
    {
        try
        {
            findings.Add(await look());
        }
        catch (StartupException wrong)
        {
            findings.Add(Finding.Wrong(check, wrong.Message.ReplaceLineEndings(" "), wrong.Hint));
        }
        catch (Exception wrong) when (wrong is RpcException or RpcUnavailableException)
        {
            findings.Add(Finding.Wrong(check, $"the chain node refuses to be read: {wrong.Message}", "Check 'rpcUrls' and the node's log."));
        }
    }
}
