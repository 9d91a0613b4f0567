using System.Net;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Orders;

/// <summary>Every bad order gets its error, and no balance, order or lease changes.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class BadOrderTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_for_another_chain() =>
        await RefusedAsync(Catalogue.WrongChain, "chainId", static (_, request) => request with { ChainId = 1 });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_for_another_lease_book() =>
        await RefusedAsync(Catalogue.WrongContract, "leaseBook", static (user, request) => request with { LeaseBook = user.Address });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_expired_order() =>
        await RefusedAsync(Catalogue.OrderExpired, "order.submitBy", (user) => stack.Market.SignOrderAsync(user, Cancel, change: static o => o with { SubmitBy = 1 }));

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_signature_by_another_wallet() =>
        await RefusedAsync(Catalogue.SignatureMismatch, "signature", user => stack.Market.SignOrderAsync(user, Cancel, signer: PrivateKey.Create()));

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_changed_after_signing() =>
        await RefusedAsync(Catalogue.SignatureMismatch, "signature", static (_, request) => request with { Order = request.Order with { Prepay = 601 } });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_spec_changed_after_signing() => await RefusedAsync(Catalogue.SpecMismatch, "specs[0]", static (_, request) =>
        request with { Specs = [request.Specs[0].Replace("8080", "8081", StringComparison.Ordinal)] });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_missing_spec() => await RefusedAsync(Catalogue.InvalidValue, "specs", static (_, request) => request with { Specs = [] });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_image_without_nft()
    {
        await stack.ReadyAsync();
        var digest = await stack.Market.PublishAsync("tests/unminted", mint: false, Cancel);
        await RefusedAsync(
            Catalogue.ImageNotMinted, "order.services[0].imageDigest",
            user => stack.Market.SignOrderAsync(user, Cancel, spec: Market.SpecOf(digest, repository: "tests/unminted")));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_image_whose_annotations_disagree_with_its_nft()
    {
        await stack.ReadyAsync();
        var digest = await stack.Market.PublishAsync("tests/disagreeing", mint: true, Cancel, annotatedRoyalty: 499);
        await RefusedAsync(
            Catalogue.AnnotationMismatch, "order.services[0].imageDigest",
            user => stack.Market.SignOrderAsync(user, Cancel, spec: Market.SpecOf(digest, repository: "tests/disagreeing")));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_image_that_the_registry_does_not_have() => await RefusedAsync(
        Catalogue.NotFound, null, user => stack.Market.SignOrderAsync(user, Cancel, spec: Market.SpecOf(stack.Market.ImageDigest, repository: "tests/elsewhere")));

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_insufficient_balance() => await RefusedAsync(
        Catalogue.InsufficientBalance, "order.user", user => stack.Market.SignOrderAsync(user, Cancel), deposit: 0);

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_bigger_than_every_coe_says_what_every_coe_lacks()
    {
        var problem = await RefusedAsync(
            Catalogue.NoCapacity, "order.services[0]",
            user => stack.Market.SignOrderAsync(
                user, Cancel, change: static o => o with { Services = [o.Services[0] with { Reserved = new ResourceVector(100_000, 64, 100, 1, 1) }] }));
        Assert.Matches("None of [0-9]+ COEs", problem.Detail);
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("order.services")]
    [InlineData("order.services[0].replicas")]
    [InlineData("order.services[0].reserved")]
    [InlineData("order.services[0].ceiling")]
    [InlineData("order.maxTotal")]
    [InlineData("order.duration")]
    [InlineData("order.prepay")]
    [InlineData("order.startWithin")]
    [InlineData("order.upgradePolicy")]
    public async Task A_value_outside_its_range_is_named(string field) => await RefusedAsync(Catalogue.InvalidValue, field, (_, request) =>
    {
        var order = request.Order;
        var service = order.Services[0];
        return request with
        {
            Order = field switch
            {
                "order.services" => order with { Services = [] },
                "order.services[0].replicas" => order with { Services = [service with { Replicas = 257 }] },
                "order.services[0].reserved" => order with { Services = [service with { Reserved = [1, 2, 3, 4] }] },
                "order.services[0].ceiling" => order with { Services = [service with { Ceiling = [1, 2, 3, 4, -5] }] },
                "order.maxTotal" => order with { MaxTotal = System.Numerics.BigInteger.Pow(2, 128) },
                "order.duration" => order with { Duration = 1 << 27 },
                "order.prepay" => order with { Prepay = 0 },
                "order.startWithin" => order with { Duration = order.StartWithin - 1 },
                _ => order with { UpgradePolicy = 2 },
            },
        };
    });

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task The_same_order_twice_is_one_order_and_with_other_specs_a_conflict()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        var again = await stack.Plane.PostAsync("/api/orders", scene.Request, DwebJson.Default.SubmitOrderRequest, DwebJson.Default.OrderView, Cancel);
        Assert.Equal(scene.OrderHash, again.OrderHash);
        Assert.Single(again.Leases);

        var other = scene.Request with { Specs = [scene.Request.Specs[0].Replace("8080", "8081", StringComparison.Ordinal)] };
        var problem = await stack.Plane.RefusedAsync("/api/orders", Encode(other), Cancel);
        Assert.Equal(Catalogue.OrderConflict.Code, problem.Code);
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""{"chainId":"x"}""", "chainId")]
    [InlineData("""{"chainId":31337,"surprise":1}""", "surprise")]
    public async Task Broken_json_is_named_by_its_path(string body, string? field)
    {
        await stack.ReadyAsync();
        var problem = await stack.Plane.RefusedAsync("/api/orders", Encoding.UTF8.GetBytes(body), Cancel);
        Assert.Equal((Catalogue.MalformedJson.Code, field), (problem.Code, problem.Field));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_oversized_body_is_refused_with_and_without_a_length()
    {
        await stack.ReadyAsync();
        byte[] body = new byte[(1024 * 1024) + 1];
        Assert.Equal(Catalogue.BodyTooLarge.Code, (await stack.Plane.RefusedAsync("/api/orders", body, Cancel)).Code);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = new StreamContent(new MemoryStream(body)) };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(Catalogue.BodyTooLarge.Code, (await stack.Plane.RefusedAsync(chunked, Cancel)).Code);
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("/api/orders/0x1111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("/api/orders/nothing")]
    [InlineData("/api/leases/0x12/usage")]
    [InlineData("/api/leases/0x12/logs")]
    [InlineData("/api/leases?order=nothing")]
    public async Task An_unknown_id_is_not_found(string path)
    {
        await stack.ReadyAsync();
        string token = await stack.Plane.LoginAsync(PrivateKey.Create(), Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        var problem = await stack.Plane.RefusedAsync(request, Cancel);
        Assert.Equal((Catalogue.NotFound.Code, (int)HttpStatusCode.NotFound), (problem.Code, problem.Status));
    }

    private Task<Problem> RefusedAsync(ErrorCode expected, string? field, Func<PrivateKey, SubmitOrderRequest, SubmitOrderRequest> spoil) =>
        RefusedAsync(expected, field, async user => spoil(user, await stack.Market.SignOrderAsync(user, Cancel)));

    private async Task<Problem> RefusedAsync(ErrorCode expected, string? field, Func<PrivateKey, Task<SubmitOrderRequest>> sign, int deposit = 10)
    {
        await stack.ReadyAsync();
        var user = await stack.Market.CreateUserAsync(deposit, Cancel);
        string token = await stack.Plane.LoginAsync(user, Cancel);
        var before = await stack.Chain.LeaseBook.FreeOfAsync(user.Address, cancellationToken: Cancel);
        await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));

        var problem = await stack.Plane.RefusedAsync("/api/orders", Encode(await sign(user)), Cancel);

        Assert.Equal((expected.Code, field), (problem.Code, problem.Field));
        Assert.Equal(expected.HttpStatus, problem.Status);
        Assert.Equal(before, await stack.Chain.LeaseBook.FreeOfAsync(user.Address, cancellationToken: Cancel));
        Assert.Empty(await stack.Plane.GetAsync("/api/orders", DwebJson.Default.IReadOnlyListOrderView, token, Cancel));
        return problem;
    }

    private static byte[] Encode(SubmitOrderRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.SubmitOrderRequest);
}
