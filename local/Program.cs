using System.CommandLine;
using Dweb.Local.Commands;

const int UsageError = 2;

var root = new RootCommand("The repository's own tools: demo, tests, benchmarks and the local stack.")
{
    DemoCommand.Create(),
    LocalCommand.Create(),
    TestCommand.Create(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? UsageError : code;
