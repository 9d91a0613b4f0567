using System.Net;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Registry;

/// <summary>Against a real registry that trusts the control plane's certificate.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class RegistryTokenTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Anybody_pulls_and_only_a_wallet_that_is_logged_in_pushes()
    {
        await stack.ReadyAsync();
        string manifest = $"/v2/{Market.Repository}/manifests/sha256:{stack.Market.ImageDigest.ToString()[2..]}";
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, manifest, null));
        string anonymous = await stack.Market.RegistryTokenAsync($"repository:{Market.Repository}:pull,push", null, Cancel);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, manifest, anonymous));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Post, $"/v2/{Market.Repository}/blobs/uploads/", anonymous));

        string login = await stack.Plane.LoginAsync(PrivateKey.Create(), Cancel);
        string own = await stack.Market.RegistryTokenAsync($"repository:{Market.Repository}:pull,push", login, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(HttpMethod.Post, $"/v2/{Market.Repository}/blobs/uploads/", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Post, "/v2/tests/other/blobs/uploads/", own));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_registry_client_logs_in_with_address_and_token_as_user_and_password()
    {
        await stack.ReadyAsync();
        var wallet = PrivateKey.Create();
        string login = await stack.Plane.LoginAsync(wallet, Cancel);
        foreach (var (user, works) in new[] { (wallet.Address, true), (PrivateKey.Create().Address, false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/registry/token?service=dweb-registry&scope=repository:a/b:push");
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{login}")));
            using var response = await stack.Plane.SendAsync(request, Cancel);
            Assert.Equal(works ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_token_for_another_service_is_refused()
    {
        await stack.ReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/registry/token?service=other");
        Assert.Equal((Catalogue.InvalidValue.Code, "service"), await CodeAsync(request));
    }

    private async Task<(string Code, string? Field)> CodeAsync(HttpRequestMessage request)
    {
        var problem = await stack.Plane.RefusedAsync(request, Cancel);
        return (problem.Code, problem.Field);
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? token)
    {
        using var response = await stack.Registry.SendAsync(method, path, token, null, null, Cancel);
        return response.StatusCode;
    }
}
