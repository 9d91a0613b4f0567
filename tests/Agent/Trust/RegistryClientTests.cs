using System.Security.Cryptography;
using System.Text;
using Dweb.Agent.Settings;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Trust;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Tests.Trust;

/// <summary>Against a registry on a real socket that answers as the distribution's token authentication prescribes.</summary>
public sealed class RegistryClientTests : IAsyncLifetime
{
    private readonly byte[] manifest = Encoding.UTF8.GetBytes(
        $$$"""{"annotations":{"io.dweb.publisher":"{{{Given.Publisher}}}","io.dweb.components":"{{{Given.Components}}}"}}""");

    private readonly HttpClient http = new();
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly List<string> requests = [];
    private WebApplication app = null!;
    private RegistryAddress address = null!;
    private bool lies;
    private string? names;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancel);
        Assert.True(RegistryAddress.TryParse(new Uri(app.Urls.Single()).Authority, out address!));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_manifest_is_read_with_an_anonymous_token_for_pulling()
    {
        byte[] read = await new RegistryClient(http, address, []).ReadManifestAsync("demo/web", Digest, cancel);
        Assert.Equal(manifest, read);
        Assert.Contains(requests, static r => r == "/token?service=dweb-registry&scope=repository%3Ademo%2Fweb%3Apull");
    }

    [Fact]
    public async Task A_control_plane_gives_the_token_when_the_one_that_the_registry_names_does_not()
    {
        names = "http://127.0.0.1:1/token";
        var other = new Uri(app.Urls.Single());
        Assert.Equal(manifest, await new RegistryClient(http, address, [new Uri("http://127.0.0.1:2"), other]).ReadManifestAsync("demo/web", Digest, cancel));
        Assert.Contains(requests, static r => r == "/registry/token?service=dweb-registry&scope=repository%3Ademo%2Fweb%3Apull");
    }

    [Fact]
    public async Task A_verified_manifest_is_read_once()
    {
        var verifier = new ImageVerifier(new RegistryClient(http, address, []));
        var ticket = Given.Ticket() with { ImageDigest = Digest };
        Assert.Null(await verifier.FindAsync(Given.Spec(), ticket, cancel));
        int count = requests.Count;
        Assert.Null(await verifier.FindAsync(Given.Spec(), ticket, cancel));
        Assert.Equal(Catalogue.AnnotationMismatch, (await verifier.FindAsync(Given.Spec(), ticket with { ImagePublisher = Given.Key }, cancel))?.Error);
        Assert.Equal(count, requests.Count);
    }

    [Fact]
    public async Task A_registry_that_serves_other_bytes_is_not_believed()
    {
        lies = true;
        var ticket = Given.Ticket() with { ImageDigest = Digest };
        Assert.Equal(Catalogue.DigestMismatch, (await new ImageVerifier(new RegistryClient(http, address, [])).FindAsync(Given.Spec(), ticket, cancel))?.Error);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_named()
    {
        await app.StopAsync(cancel);
        var failure = await Assert.ThrowsAsync<DwebException>(() => new RegistryClient(http, address, []).ReadManifestAsync("demo/web", Digest, cancel));
        Assert.Equal(Catalogue.RegistryUnreachable, failure.Error);
        Assert.Contains(address.Authority, failure.Message, StringComparison.Ordinal);
    }

    private Hash32 Digest => new(SHA256.HashData(manifest));

    private async Task AnswerAsync(HttpContext context)
    {
        requests.Add(context.Request.Path + context.Request.QueryString.ToString());
        if (context.Request.Path == "/token" || context.Request.Path == "/registry/token")
        {
            await context.Response.WriteAsync("{\"token\":\"anyone\"}", cancel);
        }
        else if (context.Request.Headers.Authorization != "Bearer anyone")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{names ?? app.Urls.Single() + "/token"}\",service=\"dweb-registry\",scope=\"repository:demo/web:pull\"";
        }
        else
        {
            await context.Response.Body.WriteAsync(lies ? "{}"u8.ToArray() : manifest, cancel);
        }
    }
}
