using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;

namespace Dweb.Cli.Commands;

/// <summary>What verbs do that change one thing about a COE.</summary>
internal static class CoeChange
{
    public static Argument<string> CoeArgument() => new("COE") { Description = "Name of a COE, or the beginning of its id." };

    /// <param name="change">One line without the COE, as <c>the draining of</c>.</param>
    public static async Task SendAsync(
        Run run, string text, Func<CoeRegistry, RegisteredCoe, ContractCall> call, string change, CancellationToken cancellationToken)
    {
        var coe = await new CoeNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
        await Change.SendAsync(run, call(run.Chain.Coes, coe), coe.Name, coe.Id.ToString(), $"{change} COE '{coe.Name}' ({coe.Id.ToString()[..14]})", cancellationToken);
    }
}
