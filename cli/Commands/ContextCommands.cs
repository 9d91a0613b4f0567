using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Home;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <param name="ChainId">Of its deployment file; null where that cannot be read.</param>
internal sealed record ContextView(string Name, bool Current, string? Endpoint, string? RpcUrl, string? Registry, string? DeploymentFile, ulong? ChainId, string? Wallet);

/// <summary>Named places: control plane, chain, contracts and wallet together, so that none of them is mixed with another's.</summary>
internal static class ContextCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group("context", "Named control planes and chains; --context or DWEB_CONTEXT chooses one for a command.", List(verbs), Use(verbs), Add(verbs));

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists the contexts of this home folder.", "dweb context ls", [], (run, _) =>
    {
        var settings = run.Home.ReadSettings();
        string current = run.ContextName() ?? settings.Context ?? HomeSettings.Default;
        var all = settings.All();
        IReadOnlyList<ContextView> views = [.. all.Select(pair => View(run.Home, pair.Key, pair.Value, pair.Key == current))];
        run.Printer.Show(views, CliJson.Default.IReadOnlyListContextView, static shown => Printer.Table(
            ["", "NAME", "ENDPOINT", "CHAIN NODE", ">CHAIN", "WALLET"],
            shown.Select(static c => (string[])[c.Current ? "*" : "", c.Name, c.Endpoint ?? "", c.RpcUrl ?? "", c.ChainId is { } id ? $"{id}" : "", c.Wallet ?? ""])));
        return Task.CompletedTask;
    });

    private static Command Use(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = $"Context, or the beginning of its name; '{HomeSettings.Default}' for what config.json names without one." };
        return verbs.Verb("use", "Makes a context the one that commands use.", "dweb context use production", [name], (run, _) =>
        {
            var settings = run.Home.ReadSettings();
            string chosen = Unique.Named(settings.All().Keys, run.Get(name), static key => key, "context");
            run.Home.WriteSettings(settings with { Context = chosen == HomeSettings.Default ? null : chosen });
            Show(run, View(run.Home, chosen, settings.All()[chosen], current: true));
            return Task.CompletedTask;
        });
    }

    private static Command Add(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Lower-case letters, digits, '-' and '_'." };
        var deployment = new Option<string>("--deployment") { Description = "Deployment file: the addresses of the contracts.", HelpName = "FILE", Required = true };
        var replace = new Option<bool>("--replace") { Description = "Also where there is one of this name." };
        return verbs.Verb(
            "add", "Adds a context of --endpoint, --rpc, a deployment file and, if given, --registry and --wallet.",
            "dweb context add production --endpoint https://dweb.example --rpc https://node.example --deployment production.json --wallet alice", [name, deployment, replace], (run, _) =>
            {
                var settings = run.Home.ReadSettings();
                string chosen = run.Get(name);
                RequireName(chosen);
                if (settings.All().ContainsKey(chosen) && !run.Get(replace))
                {
                    throw new DwebException(Catalogue.NameTaken, $"There is already a context '{chosen}'; --replace writes it anew.", "NAME");
                }

                var context = new ContextSettings(
                    Required(run.GivenEndpoint(), "--endpoint"), Required(run.GivenRpc(), "--rpc"), run.GivenRegistry(), Path.GetFullPath(run.Get(deployment)!), null, run.GivenWallet());
                RequireDeployment(context.DeploymentFile!);
                var contexts = new SortedDictionary<string, ContextSettings>(settings.Contexts ?? [], StringComparer.Ordinal) { [chosen] = context };
                run.Home.WriteSettings(settings with { Contexts = contexts });
                Show(run, View(run.Home, chosen, context, settings.Context == chosen));
                return Task.CompletedTask;
            });
    }

    private static void Show(Run run, ContextView view) => run.Printer.Show(view, CliJson.Default.ContextView, static c => Printer.Table(
        ["CONTEXT", "CURRENT", "ENDPOINT", "CHAIN NODE", ">CHAIN", "WALLET"],
        [[c.Name, c.Current ? "yes" : "no", c.Endpoint ?? "", c.RpcUrl ?? "", c.ChainId is { } id ? $"{id}" : "", c.Wallet ?? ""]]));

    private static ContextView View(DwebHome home, string name, ContextSettings context, bool current) => new(
        name, current, context.Endpoint, context.RpcUrl, context.Registry, context.DeploymentFile, ChainOf(home, context), context.Wallet);

    private static ulong? ChainOf(DwebHome home, ContextSettings context)
    {
        try
        {
            return Onchain.DeploymentSource.Read(home, new HomeSettings(DeploymentFile: context.DeploymentFile, Deployment: context.Deployment)).ChainId;
        }
        catch (DwebException)
        {
            // A list shows what there is; whoever uses it is told what is wrong.
            return null;
        }
    }

    private static string Required(string? value, string option) =>
        value ?? throw new DwebException(Catalogue.InvalidValue, "A context has a control plane and a chain node of its own.", option);

    private static void RequireName(string name)
    {
        if (name == HomeSettings.Default || name.Length is 0 or > 64 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
        {
            throw new DwebException(
                Catalogue.InvalidValue, $"'{name}' is no name for a context: use lower-case letters, digits, '-' and '_', at most 64, and not '{HomeSettings.Default}'.", "NAME");
        }
    }

    private static void RequireDeployment(string path)
    {
        try
        {
            DeploymentFile.Load(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{path} cannot be read as a deployment file: {fault.Message}", "--deployment", fault);
        }
    }
}
