using System.CommandLine;
using Dweb.Local.Bench;
using Dweb.Local.Install;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Commands;

/// <summary><c>dweb contracts snapshots</c>: the committed figures that must not drift unseen.</summary>
internal static class SnapshotsCommand
{
    public static Command Create()
    {
        var noInstall = CommonOptions.NoInstall();
        var check = new Option<bool>("--check") { Description = "write nothing; fail when a file is missing or old, or gas rose by more than 5 %" };
        var command = new Command("snapshots", "Write contracts/abi, contracts/layout and contracts/gas from the contracts. Example: dweb contracts snapshots --check") { noInstall, check };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            var checks = new ContractChecks(workshop.Repository, workshop.Tool);
            var compare = parsed.GetValue(check);
            var ok = true;
            foreach (var script in (string[])["abi.sh", "layout.sh"])
            {
                ok &= (await checks.RunScript(script, compare, workshop.Screen.Plain, stop)).Succeeded;
            }

            var measured = await new GasBench(workshop.Repository, workshop.Tool, workshop.Screen).Measure(stop);
            return (compare ? Compared(workshop, checks.CompareGas(measured)) : Written(workshop, measured)) && ok ? 0 : 1;
        });
        return command;
    }

    private static bool Compared(Workshop workshop, GasComparison comparison)
    {
        foreach (var line in comparison.Failures.Concat(comparison.Notices))
        {
            workshop.Screen.Plain(line);
        }

        return comparison.Failures.Count == 0;
    }

    private static bool Written(Workshop workshop, GasValues measured)
    {
        var folder = GasValues.FolderIn(workshop.Repository.Contracts);
        measured.Write(folder);
        workshop.Screen.Plain($"written: {measured.All.Count()} figures in {folder}");
        return true;
    }
}
