using System.CommandLine;
using System.CommandLine.Help;
using Dweb.Local.Commands;

const int UsageError = 2;

// Not a RootCommand: people start it under the launcher's name.
var root = new Command("dweb", "The repository's own tools: demo, tests, benchmarks and the local stack.")
{
    new HelpOption(),
    BenchCommand.Create(),
    ContractsCommand.Create(),
    DemoCommand.Create(),
    LocalCommand.Create(),
    TestCommand.Create(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? UsageError : code;
