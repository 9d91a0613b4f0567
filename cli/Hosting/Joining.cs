using Dweb.Chain.Rpc;
using Dweb.Cli.Commands;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Resources;

namespace Dweb.Cli.Hosting;

/// <summary>Takes the steps of a plan, each of which looks first whether it was taken before.</summary>
internal sealed class Joining(Run run, JoinOptions options, JoinPlan plan)
{
    private readonly List<HostStep> steps = [];
    private readonly HostFiles files = options.Host.Files(run);

    /// <exception cref="DwebException">A step was refused; those before it stand, and joining again goes on from there.</exception>
    public async Task<IReadOnlyList<HostStep>> RunAsync(CancellationToken cancellationToken)
    {
        var service = options.Host.Service(run);
        RequireServiceable(service);
        Took(plan.Wallet);
        if (!plan.Registered)
        {
            await RequireFundsAsync(cancellationToken);
            await run.Transactions.ApproveAsync(Words(), cancellationToken);
        }

        var agent = plan.Agent ?? new AgentSecret(files).Make();
        Took(plan.Agent is null ? HostStep.Done("agent key", $"{agent.Address} in {files.Keystore}") : HostStep.Found("agent key", $"{agent.Address} in {files.Keystore}"));
        await RegisterAsync(agent, cancellationToken);
        Took(new AgentConfiguration(files).Write(plan.Settings, run.DeploymentText, run.Get(options.Rewrite)));
        bool fresh = steps[^1].State == "done";
        MakeDataFolder(service);
        Took(service is null
            ? HostStep.Left("service", $"{(Directory.Exists("/run/systemd/system") ? "--no-service" : "systemd does not run this machine")}: start the agent by '{plan.Start}', and again when it ends with 1")
            : await service.InstallAsync(ServiceUnit.Render(options.Host.RequireAgent(run), files), fresh, cancellationToken));
        return steps;
    }

    private async Task RegisterAsync(Chain.Signing.PrivateKey agent, CancellationToken cancellationToken)
    {
        if (plan.Registered)
        {
            Took(HostStep.Found("registration", $"COE '{plan.Terms.Name}' ({plan.Coe})"));
            return;
        }

        var domain = run.Chain.DomainOf(run.Chain.Addresses.CoeRegistry);
        await CoeRegistrar.RegisterAsync(run, plan.Terms with { Agent = agent.Address }, coe => CoeConsentCommand.Sign(domain, coe, agent), what: null, cancellationToken);

        // What the settings say from now on has to be on the chain.
        var registered = await run.Chain.Coes.CoeOfAsync(plan.Coe, cancellationToken: cancellationToken);
        Took(registered.Agent == agent.Address
            ? HostStep.Done("registration", $"COE '{plan.Terms.Name}' ({plan.Coe})")
            : throw new DwebException(Catalogue.NodeRefused, $"The node does not show the registration of COE '{plan.Terms.Name}' that it has confirmed."));
    }

    private void RequireServiceable(SystemdService? service)
    {
        if (service is null)
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new DwebException(Catalogue.RootNeeded, $"The service {ServiceUnit.Name} is installed by root.");
        }

        foreach (string path in (string[])[options.Host.RequireAgent(run), files.Settings, files.DataFolder])
        {
            if (ServiceUnit.HiddenBy(path) is { } folder)
            {
                throw new DwebException(Catalogue.InvalidValue, $"The service does not see {folder}, where {path} is: use a folder as /opt, /etc or /srv, or --no-service.");
            }
        }
    }

    /// <summary>systemd makes the usual one; another has to be there before its unit says that it may be written.</summary>
    private void MakeDataFolder(SystemdService? service)
    {
        if (service is not null && !OperatingSystem.IsWindows() && !Directory.Exists(files.DataFolder))
        {
            Directory.CreateDirectory(files.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task RequireFundsAsync(CancellationToken cancellationToken)
    {
        var held = await run.Chain.Token.BalanceOfAsync(plan.Host.Address, cancellationToken: cancellationToken);
        var coin = await run.Chain.Client.GetBalanceAsync(plan.Host.Address, BlockTag.Latest, cancellationToken);
        if (held < plan.Terms.Stake || coin.IsZero)
        {
            throw new DwebException(
                held < plan.Terms.Stake ? Catalogue.WalletTooPoor : Catalogue.GasTooLow,
                $"Wallet '{plan.Host.Name}' ({plan.Host.Address}) holds {SentenceValues.Tokens(held)} and {Amount.FormatGrouped(coin)} of the chain's coin; joining takes "
                + $"{SentenceValues.Tokens(plan.Terms.Stake)} of stake and coin for gas. Send it what is missing and join again.");
        }
    }

    private string Words()
    {
        var terms = plan.Terms;
        return $"COE '{terms.Name}' in {Region.NameOf(terms.Region)}: {string.Join(", ", CoeCommands.Resources.Select((resource, i) => $"{terms.Capacity[i]} {resource} at {terms.Asks[i]} wei"))}; "
            + $"a stake of {SentenceValues.Tokens(terms.Stake)}; served for ever by {(plan.Agent is null ? "a new key" : $"the key {plan.Agent.Address}")} in {files.Keystore}";
    }

    private void Took(HostStep step)
    {
        steps.Add(step);
        run.Printer.Progress($"{step.Step}: {step.State}, {step.Detail}");
    }
}
