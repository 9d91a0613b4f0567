using Dweb.Cli.Images;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Images;

public sealed class RegistryClientTests : IDisposable
{
    private const string Repository = "demo/web";

    private readonly HttpClient http = new();
    private readonly HashSet<string> stored = [];
    private int logins;

    private static OciImage Image { get; } = OciImage.Build(new Layer([1, 2, 3], new string('a', 64)), new ImageDefaults([], [], [], []), "amd64", EvmAddress.Zero, Hash32.Zero);

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task An_image_is_sent_once()
    {
        FakeServer? registry = null;
        using var made = registry = new FakeServer(request => Serve(request, registry!.Address + "/token"));
        var client = Client(registry, registry.Address);

        bool first = await client.PushAsync(Repository, Image, TestContext.Current.CancellationToken);
        bool second = await client.PushAsync(Repository, Image, TestContext.Current.CancellationToken);

        Assert.True(first);
        Assert.False(second);
        Assert.Equal(3, registry.Requests.Count(static request => request.Method == "PUT" && request.Authorization == "Bearer granted"));
        Assert.Equal(1, logins);
        var asked = Assert.Single(registry.Requests, static request => request.Path == "/token");
        Assert.Equal("?service=dweb-registry&scope=repository%3Ademo%2Fweb%3Apull%2Cpush", asked.Query);
        Assert.Equal("Bearer login", asked.Authorization);
    }

    [Fact]
    public async Task A_login_goes_to_nobody_but_the_control_plane()
    {
        using var thief = new FakeServer(static _ => new FakeAnswer(200, """{"token":"granted"}"""));
        using var registry = new FakeServer(request => Serve(request, thief.Address + "/token"));

        var refusal = await Assert.ThrowsAsync<DwebException>(() => Client(registry, "http://127.0.0.1:9").PushAsync(Repository, Image, TestContext.Current.CancellationToken));

        Assert.Contains(thief.Address, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(thief.Requests);
        Assert.Equal(0, logins);
    }

    [Fact]
    public async Task A_wallet_that_may_not_push_is_told_so()
    {
        using var registry = new FakeServer(static _ => new FakeAnswer(403));

        var refusal = await Assert.ThrowsAsync<DwebException>(() => Client(registry, registry.Address).PushAsync(Repository, Image, TestContext.Current.CancellationToken));

        Assert.Equal(Catalogue.Forbidden, refusal.Error);
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_named()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePorts.One()}");
        var client = new RegistryClient(http, nobody, nobody, static _ => Task.FromResult<string?>(null));

        var refusal = await Assert.ThrowsAsync<DwebException>(() => client.PushAsync(Repository, Image, TestContext.Current.CancellationToken));

        Assert.Equal(Catalogue.RegistryUnreachable, refusal.Error);
        Assert.Contains(nobody.Authority, refusal.Message, StringComparison.Ordinal);
    }

    private RegistryClient Client(FakeServer registry, string issuer) => new(http, new Uri(registry.Address), new Uri(issuer), _ =>
    {
        logins++;
        return Task.FromResult<string?>("login");
    });

    /// <summary>As the distribution API says: ask for a token, take blobs by upload, take a manifest whose blobs are there.</summary>
    private FakeAnswer Serve(FakeRequest request, string realm)
    {
        if (request.Path == "/token")
        {
            return new FakeAnswer(200, """{"token":"granted"}""");
        }

        if (request.Authorization != "Bearer granted")
        {
            return new FakeAnswer(401, Headers: $"WWW-Authenticate: Bearer realm=\"{realm}\",service=\"dweb-registry\",scope=\"repository:{Repository}:pull,push\"");
        }

        switch (request.Method)
        {
            case "HEAD":
                return new FakeAnswer(stored.Contains(request.Path) ? 200 : 404);
            case "POST":
                return new FakeAnswer(202, Headers: $"Location: /v2/{Repository}/blobs/uploads/1?_state=x");
            case "PUT" when request.Path.Contains("/uploads/", StringComparison.Ordinal):
                stored.Add($"/v2/{Repository}/blobs/" + Uri.UnescapeDataString(request.Query.Split("digest=")[1]));
                return new FakeAnswer(201);
            case "PUT":
                bool whole = stored.Contains($"/v2/{Repository}/blobs/{Image.Layer.Digest}") && stored.Contains($"/v2/{Repository}/blobs/{Image.Config.Digest}");
                stored.Add(request.Path);
                return new FakeAnswer(whole ? 201 : 400);
            default:
                return new FakeAnswer(405);
        }
    }
}
