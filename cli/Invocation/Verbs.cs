using System.CommandLine;
using Dweb.Cli.Errors;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Invocation;

/// <summary>A command that does something, with the example that its help shows.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}

/// <summary>Builds commands whose actions get a <see cref="Run"/> and whose faults end as an error and a hint.</summary>
internal sealed class Verbs(GlobalOptions globals)
{
    public static Command Group(string name, string description, params IReadOnlyList<Command> verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Add(verb);
        }

        return group;
    }

    public Command Verb(string name, string description, string example, IReadOnlyList<Symbol> symbols, Func<Run, CancellationToken, Task> action)
    {
        var verb = new Verb(name, description, example);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    verb.Add(argument);
                    break;
                case Option option:
                    verb.Add(option);
                    break;
                default:
                    throw new ArgumentException($"A verb takes arguments and options, not '{symbol.Name}'.", nameof(symbols));
            }
        }

        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed, action, cancellationToken));
        return verb;
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<Run, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        bool json = globals.IsJson(parsed);
        try
        {
            using var run = new Run(parsed, globals);
            await action(run, cancellationToken);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("error: interrupted");
            return ExitCode.Failed;
        }
        catch (Exception fault) when (FaultTranslation.TryRead(fault, out var problem))
        {
            ErrorReport.Write(problem, json);
            return problem.Code == Catalogue.ApprovalNeeded.Code ? ExitCode.Usage : ExitCode.Failed;
        }
    }
}
