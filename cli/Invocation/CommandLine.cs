using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Dweb.Cli.Commands;
using Dweb.Cli.Errors;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Invocation;

/// <summary>The whole program: 0 when it did what was asked, 1 when it could not, 2 when the question was wrong.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var globals = new GlobalOptions();
        var parsed = BuildRoot(globals).Parse(ContainerWords.Bind(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            RefuseUsage(parsed, globals);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    internal static RootCommand BuildRoot(GlobalOptions globals)
    {
        var verbs = new Verbs(globals);
        var root = new RootCommand("Dweb: sell compute, own the code that runs on it, deploy containers; the chain decides who runs what and who is paid.") { HelpName = "dweb" };
        globals.AddTo(root);
        foreach (var command in All(verbs))
        {
            root.Add(command);
        }

        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExamples();
        return root;
    }

    private static IEnumerable<Command> All(Verbs verbs) =>
    [
        WalletCommands.Create(verbs),
        ContextCommands.Create(verbs),
        DoctorCommand.Create(verbs),
        TokenCommands.Create(verbs),
        .. EscrowCommands.Create(verbs),
        CodeCommands.Create(verbs),
        ImageCommands.Create(verbs),
        CoeCommands.Create(verbs),
        OsCommands.Create(verbs),
        QuoteCommand.Create(verbs),
        DeployCommand.Create(verbs),
        UpdateCommand.Create(verbs),
        .. OrderCommands.Create(verbs),
        CloseCommand.Create(verbs),
        LeaseCommands.Create(verbs),
        LedgerCommand.Create(verbs),
        FeesCommands.Create(verbs),
        DaoCommands.Create(verbs),
        CommitteeCommands.Create(verbs),
        ScheduleCommands.Create(verbs),
        ProtocolCommands.Create(verbs),
        OrchestrationCommands.Create(verbs),
    ];

    private static void RefuseUsage(ParseResult parsed, GlobalOptions globals)
    {
        string message = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "This command needs a verb.";
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = command.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "dweb" : command.Command.Name);
        }

        ErrorReport.Write(
            Problem.From(new DwebException(Catalogue.InvalidValue, message)) with { Hint = $"See '{string.Join(' ', names)} --help'." },
            globals.IsJson(parsed));
    }
}
