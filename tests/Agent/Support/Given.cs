using Dweb.Agent.Trust;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Support;

/// <summary>A lease on which chain and control plane agree; tests change one thing at a time.</summary>
internal static class Given
{
    public const ulong Now = 1_000;

    public static readonly Hash32 Coe = Keccak256.Hash("coe");
    public static readonly EvmAddress Key = new(Enumerable.Repeat((byte)7, 20).ToArray());
    public static readonly EvmAddress Publisher = new(Enumerable.Repeat((byte)9, 20).ToArray());
    public static readonly Hash32 Components = Keccak256.Hash("components");
    public static readonly Hash32 Digest = Keccak256.Hash("digest");
    public static readonly TypedDataDomain Book = new(31337, Publisher);
    public static readonly AgentStanding Me = new(Coe, "alpha", Key, Book);

    public static readonly OrderDocument Order = OrderDocument.From(new Order(
        Publisher, [], 1, 100, 100, Now, 20, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero));

    public static ContainerSpec Spec(string service = "web") => new(
        service, "demo/web", Digest, null, ["httpd", "-f"], new SortedDictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1" },
        [new PortSpec(8080)], null, RestartPolicy.No, 1);

    public static LeaseTicket Ticket(ContainerSpec? spec = null) => new(
        LeaseState.Open, EndReason.None, Keccak256.Hash("order"), 0, 1, 0, Coe, Key, Digest, (spec ?? Spec()).Hash(),
        new ResourceVector(250, 32, 64, 10, 1), Now + 100, Now + 115, ImageMinted: true, ImageMalicious: false, Publisher, Components,
        new UsageCounters(0, 0, 0, 0, 0, 0));

    public static AssignmentDocument Assignment(ContainerSpec? spec = null, Hash32? leaseId = null) => new(
        leaseId ?? Ids.Lease(Book, Keccak256.Hash("order"), 0, 1, 0, Coe), Keccak256.Hash("order"), 0, 1, 0, Order, Digest,
        System.Text.Encoding.UTF8.GetString((spec ?? Spec()).ToCanonicalJson()), Stop: false);
}
