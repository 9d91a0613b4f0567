using System.Diagnostics;
using System.Security.Cryptography;
using Dweb.Agent.Settings;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Whole;

/// <summary>A registry of our own, open to everybody.</summary>
internal sealed class Registry : IAsyncDisposable
{
    private readonly RunningProgram program;
    private readonly HttpClient http = new();

    private Registry(RunningProgram program, RegistryAddress address)
    {
        this.program = program;
        Address = address;
    }

    public RegistryAddress Address { get; }

    public static async Task<Registry> StartAsync(string folder, CancellationToken cancellationToken)
    {
        int port = FreePorts.One();
        string config = Path.Combine(folder, "registry.yml");
        await File.WriteAllTextAsync(
            config,
            $"""
            version: 0.1
            log: {"{"} level: error {"}"}
            storage: {"{"} filesystem: {"{"} rootdirectory: '{Path.Combine(folder, "registry")}' {"}"} {"}"}
            http: {"{"} addr: '127.0.0.1:{port}' {"}"}
            """,
            cancellationToken);
        Assert.True(RegistryAddress.TryParse($"127.0.0.1:{port}", out var address));
        var registry = new Registry(RunningProgram.Start(new ProcessStartInfo("docker-registry", ["serve", config])), address);
        await registry.program.UntilAsync(async () =>
        {
            try
            {
                using var answer = await registry.http.GetAsync(new Uri(address.BaseUri, "v2/"), cancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return registry;
    }

    /// <returns>The manifest's digest.</returns>
    public async Task<Hash32> PublishAsync(string repository, EvmAddress publisher, Hash32 components, CancellationToken cancellationToken)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Core.Protocol.Messages.Image.PublisherAnnotation] = publisher.ToString(),
            [Core.Protocol.Messages.Image.ComponentsAnnotation] = components.ToString(),
        };
        return new Hash32(SHA256.HashData(await BusyboxImage.PushAsync(http, Address.BaseUri, repository, annotations, cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        http.Dispose();
    }
}
