using System.Text;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Coes;

/// <summary>What an agent may put into a message that it signs rightly: it is refused before anything of it counts, at each of its doors.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class AgentBodyTests(TestStack stack)
{
    private const int Mebibyte = 1024 * 1024;
    private const int Deep = 10_000;
    private const string Lease = "0x1111111111111111111111111111111111111111111111111111111111111111";

    private static readonly Dictionary<string, (string Door, string Code, string Body)> Table = new(StringComparer.Ordinal)
    {
        ["a heartbeat of a mebibyte"] = ("heartbeat", "body-too-large", new string(' ', Mebibyte)),
        ["a report of a mebibyte"] = ("reports", "body-too-large", new string(' ', Mebibyte)),
        ["usage of a mebibyte"] = ("usage", "body-too-large", $$"""{"asOf":1,"entries":"0x{{new string('0', Mebibyte)}}","signature":"0x"}"""),
        ["lists without end"] = ("heartbeat", "malformed-json", new string('[', Deep)),
        ["deep lists"] = ("reports", "malformed-json", $$"""{"agentId":"a","incarnation":1,"leases":{{new string('[', Deep)}}{{new string(']', Deep)}}}"""),
        ["no number"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":NaN,"sequence":1,"version":"1","leases":[]}"""),
        ["a negative number"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":1,"sequence":-1,"version":"1","leases":[]}"""),
        ["an infinite number"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":1,"sequence":1e400,"version":"1","leases":[]}"""),
        ["a number that is too wide"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":1,"sequence":18446744073709551616,"version":"1","leases":[]}"""),
        ["no agent"] = ("heartbeat", "malformed-json", """{"agentId":null,"incarnation":1,"sequence":1,"version":"1","leases":[]}"""),
        ["no lease in a heartbeat"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":1,"sequence":1,"version":"1","leases":[null]}"""),
        ["no lease in a report"] = ("reports", "malformed-json", """{"agentId":"a","incarnation":1,"leases":[null]}"""),
        ["no address"] = ("reports", "malformed-json", $$"""{"agentId":"a","incarnation":1,"leases":[{"leaseId":"{{Lease}}","phase":"Running","urls":[null],"code":null,"detail":null}]}"""),
        ["a thing twice"] = ("heartbeat", "malformed-json", """{"agentId":"a","incarnation":1,"incarnation":2,"sequence":1,"version":"1","leases":[]}"""),
        ["an unknown phase"] = ("reports", "malformed-json", $$"""{"agentId":"a","incarnation":1,"leases":[{"leaseId":"{{Lease}}","phase":"Won","urls":[],"code":null,"detail":null}]}"""),
        ["a negative time"] = ("usage", "malformed-json", """{"asOf":-1,"entries":"0x","signature":"0x"}"""),
        ["two times"] = ("usage", "malformed-json", """{"asOf":1,"asOf":2,"entries":"0x","signature":"0x"}"""),
        ["half a signature"] = ("usage", "malformed-json", """{"asOf":1,"entries":"0x","signature":"0x12"}"""),
        ["no spec"] = ("specs", "malformed-json", """{"specs":[null]}"""),
        ["nothing"] = ("specs", "malformed-json", "null"),
        ["no line"] = ("logs/0123456789abcdef", "malformed-json", """{"lines":[null],"truncated":false,"error":null}"""),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [MemberData(nameof(Names))]
    public async Task A_message_that_is_none_is_refused_though_its_signature_holds(string name)
    {
        await stack.ReadyAsync();
        var agent = stack.Market.Agents[0];
        var (door, code, body) = Table[name];
        byte[] bytes = Encoding.UTF8.GetBytes(body);

        using var request = ControlPlane.Sign(ControlPlane.Post(agent.Path(door), bytes), bytes, agent.Key);
        var problem = await stack.Plane.RefusedAsync(request, Cancel);

        Assert.Equal(code, problem.Code);
    }
}
