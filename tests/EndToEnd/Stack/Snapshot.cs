using System.Globalization;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>
/// All that a refusal may not change, a line each: token balances, free and ring-fenced and earned money, every log of every contract (and
/// with them every order and lease), and the containers of the stack's COEs.
/// </summary>
internal sealed record Snapshot(IReadOnlyList<string> Lines)
{
    public static async Task<Snapshot> TakeAsync(RealStack stack, CancellationToken cancellationToken)
    {
        var chain = stack.Chain;
        var logs = await chain.LogsAsync(cancellationToken);
        List<string> lines = [];
        foreach (var (name, account) in Accounts(stack).OrderBy(static a => a.Name, StringComparer.Ordinal))
        {
            lines.Add($"{name} holds {await chain.Token.BalanceOfAsync(account, cancellationToken: cancellationToken)} wei");
            lines.Add($"{name} has {await chain.Book.FreeOfAsync(account, cancellationToken: cancellationToken)} wei free");
        }

        var coes = new SortedSet<Hash32>();
        foreach (var log in logs)
        {
            if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
            {
                var state = await chain.StateOfAsync(opened.LeaseId, cancellationToken);
                lines.Add($"lease {opened.LeaseId} is {state} with {await chain.Book.FencedOfAsync(opened.LeaseId, cancellationToken: cancellationToken)} wei");
            }
            else if (CoeRegistry.Events.CoeRegistered.TryDecode(log, out var registered))
            {
                coes.Add(registered.Coe);
            }
        }

        foreach (var coe in coes)
        {
            // Pay matures without anybody doing anything.
            var (matured, maturing, disputed) = await chain.Book.EarnedOfAsync(coe, cancellationToken: cancellationToken);
            lines.Add($"COE {coe} earned {matured + maturing + disputed} wei");
        }

        lines.Add($"fees {await chain.Book.FeesAsync(cancellationToken: cancellationToken)} wei");
        lines.AddRange(logs.Select(static log => string.Create(CultureInfo.InvariantCulture, $"log {log.TransactionHash} {log.LogIndex} of {log.Address}")));
        var containers = await stack.Containers.ListAsync(coes.Select(static c => c.ToString()), cancellationToken);
        lines.AddRange(containers.Select(static c => c.ToString()));
        return new Snapshot(lines);
    }

    /// <summary>Fails with what became different.</summary>
    public async Task AssertUnchangedAsync(RealStack stack, string by, CancellationToken cancellationToken)
    {
        var now = await TakeAsync(stack, cancellationToken);
        var gone = Lines.Except(now.Lines, StringComparer.Ordinal).Select(static l => "- " + l);
        var come = now.Lines.Except(Lines, StringComparer.Ordinal).Select(static l => "+ " + l);
        Assert.True(Lines.SequenceEqual(now.Lines, StringComparer.Ordinal), $"{by} changed something:\n{string.Join('\n', gone.Concat(come))}");
    }

    private static IEnumerable<(string Name, EvmAddress Account)> Accounts(RealStack stack)
    {
        var at = stack.Chain.Addresses;
        return
        [
            .. stack.Local.People.Select(static p => (p.Key, EvmAddress.Parse(p.Value))),
            ("lease book", at.LeaseBook), ("royalty pool", at.RoyaltyPool), ("COE registry", at.CoeRegistry),
        ];
    }
}
