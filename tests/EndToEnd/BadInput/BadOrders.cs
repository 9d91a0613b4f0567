using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.BadInput;

/// <summary>Orders that no honest client would send, sent to the API: refused with the field at fault, never stored, and nothing has changed.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class BadOrders(RealStack stack)
{
    private static readonly Dictionary<string, BadOrder> Table = new(StringComparer.Ordinal)
    {
        ["for another chain"] = BadOrder.Spoilt("wrong-chain", "chainId", static r => r with { ChainId = 1 }),
        ["for another lease book"] = BadOrder.Spoilt("wrong-contract", "leaseBook", static r => r with { LeaseBook = r.Order.User }),
        ["expired"] = BadOrder.Signed("order-expired", "order.submitBy", static o => o with { SubmitBy = 1 }),
        ["signed by another wallet"] = new("signature-mismatch", "signature", static scene => scene.SignAsync(signer: PrivateKey.Create())),
        ["changed after signing"] = BadOrder.Spoilt("signature-mismatch", "signature", static r => r with { Order = r.Order with { Prepay = r.Order.Prepay - 1 } }),
        ["a spec changed after signing"] = BadOrder.Spoilt(
            "spec-mismatch", "specs[0]", static r => r with { Specs = [r.Specs[0].Replace("8080", "8081", StringComparison.Ordinal)] }),
        ["without its spec"] = BadOrder.Spoilt("invalid-value", "specs", static r => r with { Specs = [] }),
        ["bigger than every COE"] = BadOrder.Signed(
            "no-capacity", "order.services[0]", static o => o with { Services = [o.Services[0] with { Reserved = new ResourceVector(64_000, 64, 0, 0, 0) }] }),
        ["more replicas than fit"] = BadOrder.Signed(
            "no-capacity", "order.services[0]", static o => o with { Services = [o.Services[0] with { Replicas = 256 }] }),
        ["a cap below the price"] = BadOrder.Signed("invalid-value", "order.maxTotal", static o => o with { MaxTotal = 1 }),
        ["of a user without escrow"] = new("insufficient-balance", "order.user", static scene => scene.SignAsync(signer: scene.Poor, user: scene.Poor.Address)),
        ["an image without NFT"] = new("image-not-minted", "order.services[0].imageDigest", static async scene =>
            await scene.SignAsync(image: await scene.Manifests.PushVariantAsync(scene.Publisher, "unminted", scene.Stop))),
        ["annotations that disagree with the NFT"] = new("annotation-mismatch", "order.services[0].imageDigest", static async scene =>
        {
            string digest = await scene.Manifests.PushVariantAsync(scene.Publisher, "disagreeing", scene.Stop);
            await scene.Manifests.MintAsync(scene.Publisher, digest, scene.Stop, royaltyBps: 501);
            return await scene.SignAsync(image: digest);
        }),
        ["a publisher who is not the NFT's"] = new("annotation-mismatch", "order.services[0].imageDigest", static async scene =>
        {
            string digest = await scene.Manifests.PushVariantAsync(scene.Publisher, "squatted", scene.Stop);
            await scene.Manifests.MintAsync(scene.User, digest, scene.Stop);
            return await scene.SignAsync(image: digest);
        }),
        ["a manifest that is not its digest"] = new("digest-mismatch", null, static async scene =>
        {
            string digest = await scene.Manifests.PushVariantAsync(scene.Publisher, "corrupt", scene.Stop);
            await scene.Manifests.MintAsync(scene.Publisher, digest, scene.Stop);
            scene.Manifests.Corrupt(digest);
            return await scene.SignAsync(image: digest);
        }),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_order_is_refused_by_its_field_and_changes_nothing(string name)
    {
        var bad = Table[name];
        await stack.ComeToRestAsync(Stop);
        using var scene = new OrderScene(stack, Stop);
        var request = await bad.Make(scene);
        var before = await Snapshot.TakeAsync(stack, Stop);

        var problem = await stack.Api.RefusedAsync(Api.Post("/api/orders", request, DwebJson.Default.SubmitOrderRequest), Stop);

        Assert.Equal((bad.Code, bad.Field), (problem.Code, problem.Field));
        string login = await stack.Api.LoginAsync(request.Order.User == scene.Poor.Address ? scene.Poor : scene.User, Stop);
        var hash = request.Order.ToMessage().Id(stack.Chain.BookDomain);
        Assert.Equal("not-found", (await stack.Api.RefusedAsync(Api.Get($"/api/orders/{hash}", login), Stop)).Code);
        await before.AssertUnchangedAsync(stack, name, Stop);
    }
}

/// <param name="Field">Path of the value at fault; null where it is outside the request.</param>
/// <param name="Make">Everything up to the request itself.</param>
internal sealed record BadOrder(string Code, string? Field, Func<OrderScene, Task<SubmitOrderRequest>> Make)
{
    public static BadOrder Signed(string code, string field, Func<Order, Order> change) => new(code, field, scene => scene.SignAsync(change: change));

    public static BadOrder Spoilt(string code, string field, Func<SubmitOrderRequest, SubmitOrderRequest> spoil) =>
        new(code, field, async scene => spoil(await scene.SignAsync()));
}

/// <summary>Who orders, who publishes, and how an order is made that would be taken.</summary>
internal sealed class OrderScene(RealStack stack, CancellationToken stop) : IDisposable
{
    public CancellationToken Stop => stop;

    public PrivateKey User { get; } = stack.Chain.KeyOf(Role.User);

    public PrivateKey Publisher { get; } = stack.Chain.KeyOf(Role.ImageOwner);

    public PrivateKey Poor { get; } = PrivateKey.Create();

    public Manifests Manifests { get; } = new(stack);

    public Task<SubmitOrderRequest> SignAsync(PrivateKey? signer = null, EvmAddress? user = null, string? image = null, Func<Order, Order>? change = null) =>
        SignedOrder.MakeAsync(stack, signer ?? User, user ?? User.Address, image ?? stack.ImageDigest, change, stop);

    public void Dispose() => Manifests.Dispose();
}
