using System.CommandLine;
using Dweb.Local.Build;
using Dweb.Local.Demo;
using Dweb.Local.Install;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Commands;

/// <summary><c>dweb demo</c>: sets up everything and takes one order through the whole system.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var noInstall = CommonOptions.NoInstall();
        var report = new Option<FileInfo?>("--report") { Description = "write what happened to a file, as JSON", HelpName = "FILE" };
        var command = new Command("demo", "Set up everything and take one order through the whole system. Example: dweb demo --report demo.json") { noInstall, report };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).Prepare(DotnetBuild.Stack, !parsed.GetValue(noInstall), stop);
            await using var stack = await LocalStack.Begin(workshop.Repository, workshop.State, workshop.Spawner, workshop.Tool, workshop.Screen, stop);
            DemoReport result;
            try
            {
                result = await new DemoRun(workshop, stack).Run(stop);
            }
            catch (LocalException failure) when (stack.FirstEnded() is { } ended)
            {
                throw new LocalException($"{failure.Message}\nBefore that {ended.Name} had ended by itself. The end of its log:\n{LogTail.Of(ended.Log)}", failure.Advice, failure);
            }

            if (parsed.GetValue(report) is { } file)
            {
                await File.WriteAllTextAsync(file.FullName, result.ToJson() + "\n", stop);
            }

            return result.Ok ? 0 : 1;
        });
        return command;
    }
}
