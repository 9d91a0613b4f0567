using System.Numerics;
using System.Text.Json;
using Dweb.Local.Ledger;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>What became of a host's stake. Wei.</summary>
/// <param name="Lost">To users, as bonds.</param>
/// <param name="Withdrawn">By the host, as the token itself says.</param>
internal sealed record Stake(string Who, BigInteger Staked, BigInteger Lost, BigInteger Withdrawn)
{
    public bool IsWhole => Staked == Lost + Withdrawn;
}

/// <summary>The chapter in which every host leaves with its stake. The time of unbonding passes while everybody is paid.</summary>
internal sealed class Leaving(LocalStack stack, TokenBalances token, Screen screen)
{
    private readonly Lock _noting = new();
    private long _payableAt;

    /// <summary>Every host gives notice of all that it has at stake. No lease may hold any of it.</summary>
    public async Task Begin(CancellationToken stop)
    {
        await Together.Each(stack.Hosts, GiveNotice, stop);
        screen.Detail($"{stack.Hosts.Count} hosts give notice: no lease holds a bond of theirs any more, and they unbond what is left of their stakes");
    }

    /// <summary>Waits for the rest of the time and pays the stakes out.</summary>
    public async Task<IReadOnlyList<Stake>> End(Settling settling, CancellationToken stop)
    {
        await new ChainTime(stack.Addresses.Rpc).Reach(_payableAt, stop);
        var before = await Balances(stop);
        await Together.Each(stack.Hosts, (host, s) => stack.Cli.Run(host.Role.Wallet, s, "coe", "withdraw-unbonded", host.Role.Coe), stop);
        var after = await Balances(stop);
        var ledger = await settling.Read(stop);
        List<Stake> stakes = [.. stack.Hosts.OrderBy(static h => h.Role.Wallet, StringComparer.Ordinal).Select(host => Of(host, ledger, before, after))];
        foreach (var stake in stakes)
        {
            screen.Detail($"{stake.Who} leaves with {Money.Text(stake.Withdrawn)} of {Money.Text(stake.Staked)} DWEB{(stake.Lost.IsZero ? "" : $"; {Money.Text(stake.Lost)} went to users")}");
        }

        return stakes;
    }

    private async Task GiveNotice(RegisteredHost host, CancellationToken stop)
    {
        var coe = await Show(host, stop);
        if (!coe.Is("locked", "0"))
        {
            throw new LocalException($"Leases still hold bonds of {host.Role.Wallet}: {coe}", "Every lease is closed by now: the control plane's log tells why this is not. See 'dweb local logs functions'.");
        }

        await stack.Cli.Run(host.Role.Wallet, stop, "coe", "unbond", host.Role.Coe, Money.Text(Money.Parse(coe.GetProperty("stake").GetString()!)));
        var payableAt = (await Show(host, stop)).GetProperty("unbondableAt").GetInt64();
        lock (_noting)
        {
            _payableAt = Math.Max(_payableAt, payableAt);
        }
    }

    private Stake Of(RegisteredHost host, LedgerDocument ledger, IReadOnlyDictionary<string, BigInteger> before, IReadOnlyDictionary<string, BigInteger> after)
    {
        var account = stack.People[host.Role.Wallet].ToLowerInvariant();
        return new Stake(host.Role.Wallet, ledger.Moved("staked", host.Coe), ledger.Moved("slashed", host.Coe), after[account] - before[account]);
    }

    private Task<JsonElement> Show(RegisteredHost host, CancellationToken stop) => stack.Cli.Run(host.Role.Wallet, stop, "coe", "show", host.Role.Coe, "--onchain");

    private Task<IReadOnlyDictionary<string, BigInteger>> Balances(CancellationToken stop) => token.Of([.. stack.Hosts.Select(h => stack.People[h.Role.Wallet])], stop);
}
