using System.Globalization;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Benchmarks.Agents;

/// <summary>A COE that is on the chain, and the key of its agent.</summary>
internal sealed record RegisteredCoe(Hash32 Coe, PrivateKey Agent);

/// <summary>Hosts that register many COEs, each with the least stake.</summary>
internal sealed class Hosts(ChainClient chain, ContractAddresses addresses)
{
    private const int Count = 8;
    private const ulong GasOfARegistration = 900_000;
    private const string Coin = "0x56bc75e2d63100000";
    private static readonly BigInteger Stake = BigInteger.Pow(10, 18);

    public async Task<IReadOnlyList<RegisteredCoe>> RegisterAsync(int coes, CancellationToken cancellationToken)
    {
        var shares = await Task.WhenAll(Enumerable.Range(0, Count).Select(host => OfOneAsync((coes / Count) + (host < coes % Count ? 1 : 0), cancellationToken)));
        return [.. shares.SelectMany(static share => share)];
    }

    private async Task<List<RegisteredCoe>> OfOneAsync(int coes, CancellationToken cancellationToken)
    {
        var key = PrivateKey.Create();
        await chain.Rpc.SendAsync(new RpcRequest("anvil_setBalance", key.Address.ToString(), Coin), cancellationToken);
        using var sender = new TransactionSender(chain, key);
        var token = new DwebToken(chain, addresses.DwebToken);
        var registry = new CoeRegistry(chain, addresses.CoeRegistry);
        var domain = new TypedDataDomain(addresses.ChainId, registry.Address);
        await sender.SendAsync(token.Faucet(key.Address, coes * Stake), null, cancellationToken);
        await sender.SendAsync(token.Approve(registry.Address, coes * Stake), null, cancellationToken);
        var registered = new List<RegisteredCoe>(coes);
        for (int i = 0; i < coes; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"coe-{i}");
            var agent = PrivateKey.Create();
            var coe = Ids.Coe(domain, key.Address, name);
            var consent = agent.SignDigest(domain.Digest(new AgentConsent(coe).StructHash()));
            await sender.SendAsync(
                registry.Register(
                    name, agent.Address, consent.ToArray(), 0, [4000, 4096, 10240, 1000, 1000], [1_000_000_000, 500_000_000, 10_000_000, 1_000_000_000, 100_000_000_000],
                    "http://127.0.0.1", Stake, addresses.LeaseBook),
                GasOfARegistration, cancellationToken);
            registered.Add(new RegisteredCoe(coe, agent));
        }

        return registered;
    }
}
