using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Dweb.Cli.Invocation;

/// <summary>The usual help, and an example below it.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction help = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int result = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {verb.Example}\n");
        }

        return result;
    }
}
