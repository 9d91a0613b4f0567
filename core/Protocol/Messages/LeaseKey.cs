namespace Dweb.Core.Protocol.Messages;

/// <summary>All that a lease id is derived from. Calls that change a lease name it by this, so that the chain need not keep the parts.</summary>
public sealed record LeaseKey(Hash32 OrderHash, ushort Service, ushort Replica, ushort Generation, Hash32 Coe)
{
    /// <param name="book">Chain and address of the lease book.</param>
    public Hash32 Id(TypedDataDomain book) => Ids.Lease(book, OrderHash, Service, Replica, Generation, Coe);
}
