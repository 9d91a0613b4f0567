using System.CommandLine;
using Dweb.Local.Install;
using Dweb.Local.Processes;

namespace Dweb.Local.Commands;

/// <summary><c>dweb contracts</c>: forge with the installed compiler and libraries.</summary>
internal static class ContractsCommand
{
    public static Command Create() => new("contracts", "Compile the contracts, keep what is committed of them current, and see how good their tests are.")
    {
        Build(), Abi(), SnapshotsCommand.Create(), CoverageCommand.Create(), MutateCommand.Create(),
    };

    private static Command Build()
    {
        var noInstall = CommonOptions.NoInstall();
        var command = new Command("build", "Compile the contracts. Example: dweb contracts build") { noInstall };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            return 0;
        });
        return command;
    }

    private static Command Abi()
    {
        var noInstall = CommonOptions.NoInstall();
        var check = new Option<bool>("--check") { Description = "write nothing; fail when a file is missing or old" };
        var command = new Command("abi", "Write contracts/abi from the compiled contracts. Example: dweb contracts abi --check") { noInstall, check };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            var launch = new Launch(Path.Combine(workshop.Repository.Contracts, "abi.sh"), parsed.GetValue(check) ? ["--check"] : []) { Folder = workshop.Repository.Contracts };
            var result = await workshop.Tool.Run(launch, workshop.Screen.Plain, stop);
            return result.ExitCode;
        });
        return command;
    }
}
