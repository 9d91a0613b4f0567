using Dweb.Chain.Signing;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

/// <summary>What the API can be sent that is no order at all, and agents that are not who they say.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class BadRequests(RealStack stack)
{
    private const string Beat = """{"agentId":"someone","incarnation":1,"sequence":1,"version":"test","leases":[]}""";
    private const int LargestOrder = 1024 * 1024;
    private const int LargestMessage = 256 * 1024;
    private static readonly string Nothing = "0x" + new string('1', 64);

    private static readonly Dictionary<string, BadRequest> Table = new(StringComparer.Ordinal)
    {
        ["an oversized order"] = new("body-too-large", static _ => Api.Post("/api/orders", new string(' ', LargestOrder + 1))),
        ["an oversized report"] = new("body-too-large", static s => Api.Signed(Coe(s) + "/reports", new string(' ', LargestMessage + 1), PrivateKey.Create())),
        ["broken JSON"] = new("malformed-json", static _ => Api.Post("/api/orders", "{\"chainId\":")),
        ["JSON of another message"] = new("malformed-json", static _ => Api.Post("/api/orders", Beat)) { Field = "agentId" },
        ["a value of another type"] = new("malformed-json", static _ => Api.Post("/api/orders", """{"chainId":"one"}""")) { Field = "chainId" },
        ["an unknown order"] = new("not-found", static _ => Api.Get($"/api/orders/{Nothing}", login: null)) { LogsIn = true },
        ["an unknown lease"] = new("not-found", static _ => Api.Get($"/api/leases/{Nothing}/usage", login: null)) { LogsIn = true },
        ["an unknown COE"] = new("coe-unknown", static _ => Api.Get($"/api/coes/{Nothing}", login: null)),
        ["an unknown path"] = new("not-found", static _ => Api.Get("/api/nothing", login: null)),
        ["orders without a login"] = new("unauthorised", static _ => Api.Get("/api/orders", login: null)),
        ["an agent of a COE that is not registered"] = new("coe-unknown", static _ => Api.Signed($"/api/coes/{Nothing}/heartbeat", Beat, PrivateKey.Create())),
        ["an agent with a key that is not the COE's"] = new("unauthorised", static s => Api.Signed(Coe(s) + "/heartbeat", Beat, PrivateKey.Create())),
        ["an agent without a signature"] = new("unauthorised", static s => Api.Post(Coe(s) + "/heartbeat", Beat)),
        ["a trigger called from outside"] = new("not-found", static _ => Api.Post("/SettlementTimer", "{}")),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_request_is_refused_and_changes_nothing(string name)
    {
        var bad = Table[name];
        await stack.ComeToRestAsync(Stop);
        string login = bad.LogsIn ? await stack.Api.LoginAsync(stack.Chain.KeyOf(Role.User), Stop) : "";
        var before = await Snapshot.TakeAsync(stack, Stop);

        using var request = bad.Make(stack);
        if (bad.LogsIn)
        {
            request.Headers.Authorization = new("Bearer", login);
        }

        var problem = await stack.Api.RefusedAsync(request, Stop);

        Assert.Equal(bad.Code, problem.Code);
        Assert.True(bad.Field is null || bad.Field == problem.Field, $"the field is {problem.Field}, not {bad.Field}");
        await before.AssertUnchangedAsync(stack, name, Stop);
    }

    private static string Coe(RealStack stack) => "/api/coes/" + stack.Local.Hosts[0].Coe;
}

internal sealed record BadRequest(string Code, Func<RealStack, HttpRequestMessage> Make)
{
    public string? Field { get; init; }

    /// <summary>The user asks, not anybody.</summary>
    public bool LogsIn { get; init; }
}
