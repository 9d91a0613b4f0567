using System.Numerics;
using Dweb.Cli.Invocation;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <param name="Transaction">Null when it was registered before, just so.</param>
internal sealed record CoeRegistration(Hash32 Coe, string Name, EvmAddress Host, EvmAddress Agent, Hash32? Transaction);

/// <summary>What a host offers, as the registry takes it.</summary>
/// <param name="Capacity">In the order of the resources, as <paramref name="Asks"/>.</param>
/// <param name="Asks">Wei.</param>
/// <param name="Endpoint">Where the COE says it can be reached.</param>
/// <param name="Stake">Wei.</param>
internal sealed record CoeTerms(
    string Name, EvmAddress Agent, byte Region, IReadOnlyList<ulong> Capacity, IReadOnlyList<BigInteger> Asks, string Endpoint, BigInteger Stake);

/// <summary>Registers a COE of the wallet. Safe to repeat.</summary>
internal static class CoeRegistrar
{
    public static Hash32 IdOf(Run run, EvmAddress host, string name) => Ids.Coe(run.Chain.DomainOf(run.Chain.Addresses.CoeRegistry), host, name);

    /// <param name="consent">The agent's, to serve the COE of this id.</param>
    /// <param name="what">One line to approve; null when the user has approved it already.</param>
    /// <exception cref="DwebException">The wallet holds less than the stake, or has a COE of this name on other terms.</exception>
    public static async Task<CoeRegistration> RegisterAsync(Run run, CoeTerms terms, Func<Hash32, EvmSignature> consent, string? what, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var host = transactions.Account.Address;
        await chain.RequireAsync(cancellationToken);
        var id = IdOf(run, host, terms.Name);
        var known = await chain.Coes.CoeOfAsync(id, cancellationToken: cancellationToken);
        if (known.Host == host)
        {
            bool same = known.Agent == terms.Agent && known.Region == terms.Region && known.Endpoint == terms.Endpoint && known.Capacity.SequenceEqual(terms.Capacity)
                && known.NextAsk.SequenceEqual(terms.Asks);
            return same
                ? new CoeRegistration(id, terms.Name, host, terms.Agent, null)
                : throw new DwebException(Catalogue.NameTaken, $"COE '{terms.Name}' ({id}) is registered with another agent, capacity, ask, region or endpoint.");
        }

        var agreed = consent(id);
        await CoeStakeCommands.ApproveAsync(run, transactions, terms.Stake, what, cancellationToken);
        var call = chain.Coes.Register(
            terms.Name, terms.Agent, agreed.ToArray(), terms.Region, terms.Capacity, terms.Asks, terms.Endpoint, terms.Stake, chain.Addresses.LeaseBook);
        var receipt = await transactions.SendAsync(call, what: null, cancellationToken);
        return new CoeRegistration(id, terms.Name, host, terms.Agent, receipt.TransactionHash);
    }
}
