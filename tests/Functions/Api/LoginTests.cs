using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Api;

[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class LoginTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("/api/orders", null)]
    [InlineData("/api/orders", "nonsense")]
    [InlineData("/api/orders", "0x00000000000000000000000000000000000000AA.9999999999999.AAAA")]
    public async Task What_belongs_to_a_wallet_needs_its_login(string path, string? token)
    {
        await stack.ReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        Assert.Equal(Catalogue.Unauthorised.Code, (await stack.Plane.RefusedAsync(request, Cancel)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_login_signed_by_another_wallet_is_refused_and_a_nonce_is_good_for_one_login()
    {
        await stack.ReadyAsync();
        var wallet = PrivateKey.Create();
        var challenge = await stack.Plane.PostAsync(
            "/api/login/challenge", new ChallengeRequest(wallet.Address), DwebJson.Default.ChallengeRequest, DwebJson.Default.ChallengeResponse, Cancel);
        Assert.Equal(Catalogue.Unauthorised.Code, (await LoginRefusedAsync(challenge.Message, PrivateKey.Create())).Code);
        Assert.Equal(Catalogue.Unauthorised.Code, (await LoginRefusedAsync(challenge.Message.Replace("Nonce: ", "Nonce: a", StringComparison.Ordinal), wallet)).Code);

        var login = Sign(challenge.Message, wallet);
        await stack.Plane.PostAsync("/api/login", login, DwebJson.Default.LoginRequest, DwebJson.Default.LoginResponse, Cancel);
        Assert.Equal(Catalogue.Unauthorised.Code, (await LoginRefusedAsync(challenge.Message, wallet)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Another_wallets_order_is_not_there()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        string token = await stack.Plane.LoginAsync(PrivateKey.Create(), Cancel);
        foreach (string path in new[] { $"/api/orders/{scene.OrderHash}", $"/api/leases?order={scene.OrderHash}", $"/api/leases/{scene.Leases[0].LeaseId}/usage" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", token);
            Assert.Equal(Catalogue.NotFound.Code, (await stack.Plane.RefusedAsync(request, Cancel)).Code);
        }

        var byPrefix = await stack.Plane.GetAsync($"/api/orders/{scene.OrderHash.ToString()[..12]}", DwebJson.Default.OrderView, scene.Token, Cancel);
        Assert.Equal(scene.OrderHash, byPrefix.OrderHash);
    }

    private static LoginRequest Sign(string message, PrivateKey key) => new(message, key.SignDigest(Eip191.HashMessage(message)));

    private Task<Problem> LoginRefusedAsync(string message, PrivateKey key) =>
        stack.Plane.RefusedAsync("/api/login", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Sign(message, key), DwebJson.Default.LoginRequest), Cancel);
}
