namespace Dweb.Core.Protocol.Messages;

/// <summary>What a user signs: services, caps and times. Its EIP-712 digest is its id; the chain admits it once.</summary>
/// <param name="MaxTotal">Wei, for all leases of the order together.</param>
/// <param name="Duration">Seconds that a replica may run in all; below 2^27.</param>
/// <param name="Prepay">Seconds funded at opening and by each renewal.</param>
/// <param name="SubmitBy">Unix time of the last admission and first opening.</param>
/// <param name="StartWithin">Seconds from opening until a host that never ran is a no-show.</param>
/// <param name="UpgradePolicy">An <see cref="Messages.UpgradePolicy"/>; the chain refuses other values.</param>
/// <param name="Operator">May move and resume, never spend beyond the caps; zero for nobody.</param>
/// <param name="UserEpoch">Raising the user's epoch on chain cancels all older orders.</param>
public sealed record Order(
    EvmAddress User,
    IReadOnlyList<Service> Services,
    UInt128 MaxTotal,
    uint Duration,
    uint Prepay,
    ulong SubmitBy,
    uint StartWithin,
    ushort MaxRoyaltyBps,
    ushort MaxFeeBps,
    byte UpgradePolicy,
    EvmAddress Operator,
    ulong UserEpoch,
    Hash32 Salt)
{
    private const string Type =
        "Order(address user,Service[] services,uint128 maxTotal,uint32 duration,uint32 prepay,uint64 submitBy,uint32 startWithin,"
        + "uint16 maxRoyaltyBps,uint16 maxFeeBps,uint8 upgradePolicy,address operator,uint64 userEpoch,bytes32 salt)" + Service.Type;

    private static readonly Hash32 TypeHash = Keccak256.Hash(Type);

    public Hash32 ServicesHash() => Service.HashOf(Services);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(User).Word(ServicesHash()).Word(MaxTotal).Word(Duration).Word(Prepay).Word(SubmitBy).Word(StartWithin)
        .Word(MaxRoyaltyBps).Word(MaxFeeBps).Word(UpgradePolicy).Word(Operator).Word(UserEpoch).Word(Salt)
        .Hash();

    /// <summary>The order's id, and what its user signs. The domain is the lease book's.</summary>
    public Hash32 Id(TypedDataDomain leaseBook) => leaseBook.Digest(StructHash());
}

/// <summary>What may be run in place of the image that the user signed; the numbers are the chain's.</summary>
public enum UpgradePolicy : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What the channel <c>stable</c> of the image points to.</summary>
    Channel = 1,
}
