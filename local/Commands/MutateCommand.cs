using System.CommandLine;
using Dweb.Local.Install;
using Dweb.Local.Mutation;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Commands;

/// <summary><c>dweb contracts mutate</c>: whether the contracts' tests notice small changes.</summary>
internal static class MutateCommand
{
    public static Command Create()
    {
        var noInstall = CommonOptions.NoInstall();
        var seed = new Option<int>("--seed") { Description = "which mutants are taken; the same seed takes the same", DefaultValueFactory = _ => ContractProofs.Seed };
        var count = new Option<int?>("--count") { Description = "how many mutants; as a usual run of the tests when left out" };
        var target = new Option<string?>("--target") { Description = "only this source, as contracts/test/mutation.json or its files name it", HelpName = "PATH" };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--count is at least 1");
            }
        });
        var command = new Command("mutate", "Change the contracts in small ways and see whether a test fails. Example: dweb contracts mutate --count 20 --target src/RoyaltyPool.sol") { noInstall, seed, count, target };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            var plan = MutationPlan.Read(workshop.Repository.Contracts);
            var report = await new MutationRun(workshop.Repository, workshop.Tool, workshop.Screen)
                .Run(plan, parsed.GetValue(target), parsed.GetValue(count) ?? plan.Sample, parsed.GetValue(seed), stop);
            MutationTables.Show(workshop.Screen, report);
            return report.Score.Ok ? 0 : 1;
        });
        return command;
    }
}
