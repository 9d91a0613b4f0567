using System.Text;
using Dweb.Agent.Reporting;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Reporting;

public sealed class SpecDeskTests
{
    private static readonly string Spec = Encoding.UTF8.GetString(Given.Spec().ToCanonicalJson());

    private readonly SpecDesk desk = new(TimeProvider.System);

    [Fact]
    public void What_is_listed_without_a_spec_is_wanted_by_the_hash_that_its_order_names()
    {
        desk.Take(Document(Lease("") with { LeaseId = Keccak256.Hash("one") }, Lease(Spec) with { LeaseId = Keccak256.Hash("other") }));
        var found = desk.Find(static (_, hash) => hash == Given.Spec().Hash() ? Spec : null);
        Assert.Equal((Given.Spec().Hash(), Spec), (Assert.Single(found).Key, found.Values.Single()));
        desk.Given(found.Keys);
        Assert.True(desk.IsEmpty);
    }

    [Fact]
    public void What_this_agent_does_not_have_yet_is_still_wanted()
    {
        desk.Take(Document(Lease("")));
        desk.Given(desk.Find(static (_, _) => null).Keys);
        Assert.False(desk.IsEmpty);
        desk.Take(Document(Lease(Spec)));
        Assert.True(desk.IsEmpty);
    }

    [Fact]
    public void A_service_that_the_order_does_not_have_is_not_looked_for()
    {
        desk.Take(Document(Lease("") with { Service = 7 }));
        Assert.True(desk.IsEmpty);
    }

    private static AssignmentsDocument Document(params IReadOnlyList<AssignmentDocument> leases) => new(Given.Coe, leases, []);

    private static AssignmentDocument Lease(string spec)
    {
        var price = new PriceVector(1, 1, 1, 1, 1);
        var service = new Service(Given.Digest, Given.Spec().Hash(), 1, new ResourceVector(1, 1, 1, 1, 1), price, 0, 0, Hash32.Zero);
        return Given.Assignment() with { Spec = spec, Order = Given.Order with { Services = [ServiceDocument.From(service)] } };
    }
}
