using System.CommandLine;
using Dweb.Local.Install;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Commands;

/// <summary><c>dweb contracts coverage</c>: which lines and branches the contracts' tests reach.</summary>
internal static class CoverageCommand
{
    public static Command Create()
    {
        var noInstall = CommonOptions.NoInstall();
        var command = new Command(
            "coverage",
            $"Lines and branches of the contracts that the tests reach; fails unless above {Coverage.LinesAbove} % and {Coverage.BranchesAbove} %. Example: dweb contracts coverage") { noInstall };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            var coverage = await new CoverageRun(workshop.Repository, workshop.Tool, workshop.Screen).Run(stop);
            CoverageTables.Show(workshop.Screen, coverage);
            return coverage.Ok ? 0 : 1;
        });
        return command;
    }
}
