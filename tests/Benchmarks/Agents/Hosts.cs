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

/// <summary>
/// Hosts that register many COEs, each with the least stake. A local chain mines a block for each transaction; here it mines one for what all hosts have
/// sent by then, or thousands of registrations would take as many blocks, each to be read by everybody.
/// </summary>
internal sealed class Hosts(ChainClient chain, ContractAddresses addresses)
{
    private const int Count = 200;
    private const int BlockSeconds = 1;
    private const string BlockGas = "0x3b9aca00";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private const ulong GasOfARegistration = 900_000;
    private const string Coin = "0x56bc75e2d63100000";
    private static readonly BigInteger Stake = BigInteger.Pow(10, 18);

    public async Task<IReadOnlyList<RegisteredCoe>> RegisterAsync(int coes, CancellationToken cancellationToken)
    {
        await chain.Rpc.SendAsync(new RpcRequest("evm_setBlockGasLimit", BlockGas), cancellationToken);
        await chain.Rpc.SendAsync(new RpcRequest("evm_setAutomine", false), cancellationToken);
        var registering = Task.WhenAll(Enumerable.Range(0, Count).Select(host => OfOneAsync((coes / Count) + (host < coes % Count ? 1 : 0), cancellationToken)));
        while (!registering.IsCompleted)
        {
            await Task.Delay(Pace, cancellationToken);
            await chain.Rpc.SendAsync(new RpcRequest("evm_mine"), cancellationToken);
        }

        await chain.Rpc.SendAsync(new RpcRequest("evm_setIntervalMining", BlockSeconds), cancellationToken);
        return [.. (await registering).SelectMany(static share => share)];
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
