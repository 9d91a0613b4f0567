using Dweb.Chain.Rpc;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>
/// Takes a machine off the market and every trace of the COE off the machine. The agent works until its last lease is closed, for only it can report what ran;
/// its key goes last, when nothing is owed to the COE any more.
/// </summary>
internal sealed class Leaving(Run run, LeaveOptions options, RegisteredCoe coe)
{
    private readonly List<HostStep> steps = [];
    private readonly HostFiles files = options.Host.Files(run);

    /// <exception cref="DwebException">A step was refused; those before it stand, and leaving again goes on from there.</exception>
    public async Task<IReadOnlyList<HostStep>> RunAsync(CancellationToken cancellationToken)
    {
        RequireOwn();
        var leases = new LeaveLeases(run, options, coe);
        Took(await leases.DrainAsync(cancellationToken));
        var ended = await leases.EndAsync(cancellationToken);
        Took(ended);
        var money = new LeaveMoney(run, coe);
        Took(await money.EarningsAsync(cancellationToken));
        if (ended.State == "left")
        {
            // What is unbonded later starts the time of all of it again.
            Took(HostStep.Left("stake", "unbonds once all leases are closed"));
            return steps;
        }

        Took(await money.StakeAsync(cancellationToken));
        await StopAsync(cancellationToken);
        if (steps.All(static step => step.State != "left"))
        {
            await RemoveAsync(cancellationToken);
        }
        else
        {
            Took(HostStep.Left("files", $"{files.ConfigFolder} and {files.DataFolder} stay until nothing is owed any more: leave again then"));
        }

        return steps;
    }

    /// <summary>Of a folder with another COE's settings nothing is taken away.</summary>
    private void RequireOwn()
    {
        if (new AgentConfiguration(files).Coe() is { } other && other != coe.Id)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{files.Settings} is of COE {other}, not of '{coe.Name}' ({coe.Id}); --config-folder names another.", "--config-folder");
        }

        if (options.Host.Service(run) is not null && !Environment.IsPrivilegedProcess)
        {
            throw new DwebException(Catalogue.RootNeeded, $"The service {ServiceUnit.Name} is removed by root.");
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        if (options.Host.Service(run) is { } service)
        {
            Took(await service.RemoveAsync(cancellationToken));
        }

        if (run.Get(options.KeepContainers))
        {
            Took(HostStep.Found("containers", "not looked for"));
            return;
        }

        if (!File.Exists(files.Settings))
        {
            Took(HostStep.Found("containers", "the agent has no settings any more"));
            return;
        }

        var removed = await HostProgram.RunAsync(options.Host.RequireAgent(run), ["--remove", "--config", files.Settings], cancellationToken);
        Took(removed.Code == 0 ? HostStep.Done("containers", removed.Text.ReplaceLineEndings(" ")) : HostStep.Left("containers", removed.Text.ReplaceLineEndings(" ")));
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        string[] present = [.. ((string[])[files.Settings, files.Deployment, files.Keystore, files.Password]).Where(File.Exists)];
        bool hasData = Directory.Exists(files.DataFolder);
        if (present.Length == 0 && !hasData)
        {
            Took(HostStep.Found("files", $"nothing is left in {files.ConfigFolder} and {files.DataFolder}"));
            return;
        }

        if (await HoldingsAsync(cancellationToken) is { } holdings)
        {
            Took(HostStep.Left("files", holdings));
            return;
        }

        RequireOfAnAgent();
        run.Approval.Confirm($"the removal of {string.Join(", ", present)}{(hasData ? $" and {files.DataFolder}" : "")}, the agent's key among them");
        if (hasData)
        {
            Directory.Delete(files.DataFolder, recursive: true);
        }

        foreach (string file in present)
        {
            File.Delete(file);
        }

        if (Directory.Exists(files.ConfigFolder) && !Directory.EnumerateFileSystemEntries(files.ConfigFolder).Any())
        {
            Directory.Delete(files.ConfigFolder);
        }

        Took(HostStep.Done("files", $"nothing of COE '{coe.Name}' is left on this machine but the wallet '{run.Wallet.Account.Name}' in {run.Home.Folder}"));
    }

    /// <summary>An agent's key needs neither coin nor tokens, but whoever has its address can send it some.</summary>
    private async Task<string?> HoldingsAsync(CancellationToken cancellationToken)
    {
        if (new AgentSecret(files).Find()?.Address is not { } agent)
        {
            return null;
        }

        var tokens = await run.Chain.Token.BalanceOfAsync(agent, cancellationToken: cancellationToken);
        var coin = await run.Chain.Client.GetBalanceAsync(agent, BlockTag.Latest, cancellationToken);
        return tokens.IsZero && coin.IsZero
            ? null
            : $"the agent's key ({agent}) holds {SentenceValues.Tokens(tokens)} and {Amount.FormatGrouped(coin)} of the chain's coin: take them away ('dweb wallet import --keystore {files.Keystore}'), then leave again";
    }

    /// <summary>What is removed with all that is in it has to be an agent's: a mistyped folder may be anybody's.</summary>
    private void RequireOfAnAgent()
    {
        string[] inside = Directory.Exists(files.DataFolder) ? [.. Directory.EnumerateFileSystemEntries(files.DataFolder).Select(static path => Path.GetFileName(path))] : [];
        if (inside.Length > 0 && !inside.Contains("identity.json", StringComparer.Ordinal) && !inside.Contains("lock", StringComparer.Ordinal))
        {
            throw new DwebException(Catalogue.InvalidValue, $"{files.DataFolder} holds no agent's data; nothing in it was removed.", "--data-folder");
        }
    }

    private void Took(HostStep step)
    {
        steps.Add(step);
        run.Printer.Progress($"{step.Step}: {step.State}, {step.Detail}");
    }
}
