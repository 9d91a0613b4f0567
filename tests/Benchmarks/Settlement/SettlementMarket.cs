using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settling;
using Dweb.Functions.Stores;
using UsageBatch = Dweb.Core.Protocol.Messages.UsageBatch;

namespace Dweb.Benchmarks.Settlement;

/// <summary>COEs whose agents have each signed one report of all their leases, as the control plane holds it; no chain and no storage behind it.</summary>
internal sealed class SettlementMarket
{
    /// <summary>Leases of a COE.</summary>
    public const int LeasesEach = 100;

    /// <summary>That all leases together run.</summary>
    public const int Images = 100;

    /// <summary>That a COE's leases run, ten leases each.</summary>
    public const int ImagesEach = 10;

    public const ulong Now = Origin + Seconds;
    private const ulong Origin = 1_700_000_000;
    private const uint Seconds = 300;
    private static readonly PrivateKey Anybody = new(Keccak256.Hash("anybody").ToArray());
    private readonly Market market = new();
    private readonly UsageBook book;
    private readonly ChainContracts contracts;

    public SettlementMarket(int coes)
    {
        var any = Anybody.Address;
        var addresses = new ContractAddresses(31_337, 0, any, any, any, any, any, any, any, any, any, any, any);
        contracts = new ChainContracts(addresses, new ChainClient(new JsonRpcClient(new HttpClient(), new Uri("http://127.0.0.1:1"))));
        book = new UsageBook(market, new UsageStore(new StorageAccount("UseDevelopmentStorage=true")));
        Due = new DueUsage(book, market, contracts);
        var chance = new Random(1);
        for (int coe = 0; coe < coes; coe++)
        {
            Report(Keccak256.Hash($"coe {coe}"), new PrivateKey(Keccak256.Hash($"agent {coe}").ToArray()), chance);
        }
    }

    public DueUsage Due { get; }

    private void Report(Hash32 coe, PrivateKey agent, Random chance)
    {
        market.Coes[coe] = new CoeRecord(
            coe, coe.ToString(), Anybody.Address, agent.Address, CoeStatus.Active, 0, [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 0, 0, 0,
            Hash32.Zero, false, true, "");
        int[] images = new int[Images];
        for (int i = 0; i < Images; i++)
        {
            images[i] = i;
        }

        chance.Shuffle(images);
        var entries = new List<UsageEntry>();
        for (int lease = 0; lease < LeasesEach; lease++)
        {
            var id = Keccak256.Hash($"{coe} {lease}");
            var image = Keccak256.Hash($"image {images[lease % ImagesEach]}");
            market.Put(new LeaseRecord(
                id, Keccak256.Hash($"order {lease}"), coe, 0, 0, 0, image, Origin, 3_600, new LeaseTerms(1_000_000, 1_000_000, 100, 100, 500, 100, 10, 0), LeaseState.Open,
                default, 0, UsageMerge.Empty));
            entries.Add(new UsageEntry(LeaseHandle.Of(id), Seconds, Seconds * 90, Seconds * 1_024, Seconds * 2_048, 10, 20));
        }

        // As agents do: in the order of the handles.
        var batch = new UsageBatch(coe, Now, [.. entries.OrderBy(static e => e.Handle.Value)]);
        book.Take(new SignedBatch(batch, agent.SignDigest(contracts.Book.Digest(batch.StructHash()))));
    }
}
