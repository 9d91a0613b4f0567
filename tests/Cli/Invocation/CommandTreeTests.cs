using System.CommandLine;
using Dweb.Cli.Invocation;

namespace Dweb.Cli.Tests.Invocation;

public sealed class CommandTreeTests
{
    public static TheoryData<string> Verbs => [.. All(CommandLine.BuildRoot(new GlobalOptions())).Select(static verb => verb.Example)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_example_is_a_command_that_can_be_read(string example)
    {
        string[] words = example.Split(' ');
        Assert.Equal("dweb", words[0]);

        var parsed = CommandLine.BuildRoot(new GlobalOptions()).Parse(ContainerWords.Bind(words[1..]));

        Assert.Empty(parsed.Errors);
        Assert.Equal(example, Assert.IsType<Verb>(parsed.CommandResult.Command).Example);
    }

    [Fact]
    public void Words_for_a_container_are_not_read_as_options()
    {
        string[] bound = [.. ContainerWords.Bind(["image", "publish", "dir", "--cmd", "-h", "--cmd", "--json", "--env", "A=b", "--cmd"])];

        Assert.Equal(["image", "publish", "dir", "--cmd=-h", "--cmd=--json", "--env=A=b", "--cmd"], bound);
    }

    private static IEnumerable<Verb> All(Command command) =>
        command.Subcommands.SelectMany(All).Concat(command is Verb verb ? [verb] : []);
}
