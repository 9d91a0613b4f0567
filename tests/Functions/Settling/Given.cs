using Dweb.Chain.Signing;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settling;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Tests.Settling;

/// <summary>COEs with leases as the index has them, and what their agents sign; no chain, and no storage that is asked.</summary>
internal sealed class Given
{
    public const ulong Origin = 1_000_000;
    public const uint Funded = 100_000;
    private static readonly TypedDataDomain Domain = new(31_337, new PrivateKey(Keccak256.Hash("book").ToArray()).Address);

    public Given()
    {
        var nobody = EvmAddress.Zero;
        Book = new UsageBook(Market, new UsageStore(new StorageAccount("UseDevelopmentStorage=true")));
        var addresses = new Chain.Contracts.ContractAddresses(
            Domain.ChainId, 0, nobody, nobody, nobody, nobody, nobody, nobody, nobody, nobody, Domain.VerifyingContract, nobody, nobody);
        Due = new DueUsage(Book, Market, new ChainContracts(addresses, new Chain.Rpc.ChainClient(new Chain.Rpc.JsonRpcClient(new HttpClient(), new Uri("http://127.0.0.1:1")))));
    }

    public Market Market { get; } = new();

    public UsageBook Book { get; }

    public DueUsage Due { get; }

    public static PrivateKey AgentOf(string coe) => new(Keccak256.Hash("agent of " + coe).ToArray());

    public static Hash32 Coe(string name) => Keccak256.Hash(name);

    public CoeRecord Register(string name)
    {
        var coe = new CoeRecord(
            Coe(name), name, EvmAddress.Zero, AgentOf(name).Address, CoeStatus.Active, 0, [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 0, 0, 0,
            Hash32.Zero, false, true, "");
        Market.Coes[coe.Coe] = coe;
        return coe;
    }

    public LeaseRecord Open(string coe, string name, string image = "image")
    {
        var lease = new LeaseRecord(
            Keccak256.Hash(name), Hash32.Zero, Coe(coe), 0, 0, 0, Keccak256.Hash(image), Origin, Funded, new LeaseTerms(1_000, 1_000, 0, 0, 500, 100, 0, 0), LeaseState.Open,
            default, 0, UsageMerge.Empty);
        Market.Put(lease);
        return lease;
    }

    public static SignedBatch Sign(string coe, uint seconds, params IEnumerable<LeaseRecord> leases) => Sign(coe, AgentOf(coe), Origin + seconds, seconds, leases);

    public static SignedBatch Sign(string coe, PrivateKey key, ulong asOf, uint seconds, IEnumerable<LeaseRecord> leases)
    {
        var batch = new UsageBatch(Coe(coe), asOf, [.. leases.Select(lease => new UsageEntry(LeaseHandle.Of(lease.LeaseId), seconds, 0, 0, 0, 0, 0))]);
        return new SignedBatch(batch, key.SignDigest(Domain.Digest(batch.StructHash())));
    }
}
