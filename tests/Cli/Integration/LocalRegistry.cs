using System.Net;

namespace Dweb.Cli.Tests.Integration;

/// <summary>A real registry that lets everybody in.</summary>
public sealed class LocalRegistry : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-registry-").FullName;
    private Part? registry;

    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePorts.One()}");

    public async ValueTask InitializeAsync()
    {
        string settings = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(
            settings,
            $"""
            version: 0.1
            log:
              accesslog:
                disabled: true
              level: error
            storage:
              filesystem:
                rootdirectory: {folder}/data
            http:
              addr: {Endpoint.Authority}
            """);
        registry = Part.Start("docker-registry", "serve", settings);
        await registry.WaitAsync(async stop => Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(Endpoint, "/v2/"), stop)).StatusCode));
    }

    public async ValueTask DisposeAsync()
    {
        if (registry is not null)
        {
            await registry.DisposeAsync();
        }

        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
