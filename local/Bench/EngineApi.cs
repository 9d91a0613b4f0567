using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dweb.Local.Stack;

namespace Dweb.Local.Bench;

/// <summary>The few requests to an engine's API that a comparison with it takes, without a client program in between.</summary>
internal sealed class EngineApi : IDisposable
{
    private readonly HttpClient _http;

    public EngineApi(Engine engine) => _http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.Socket), stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://engine/"),
    };

    /// <summary>Creates and starts a container with one published port.</summary>
    /// <param name="cpus">In thousandths of a CPU.</param>
    /// <param name="memory">MiB.</param>
    /// <returns>Its id.</returns>
    public async Task<string> Run(string image, int cpus, int memory, int port, CancellationToken stop)
    {
        var exposed = $"{port}/tcp";
        using var created = await _http.PostAsync("containers/create", JsonContent.Create(new JsonObject
        {
            ["Image"] = image,
            ["ExposedPorts"] = new JsonObject { [exposed] = new JsonObject() },
            ["HostConfig"] = new JsonObject
            {
                ["NanoCpus"] = cpus * 1_000_000L,
                ["Memory"] = memory * 1024L * 1024L,
                ["MemorySwap"] = memory * 1024L * 1024L,
                ["PidsLimit"] = 512,
                ["CapDrop"] = new JsonArray("ALL"),
                ["SecurityOpt"] = new JsonArray("no-new-privileges"),
                ["PortBindings"] = new JsonObject { [exposed] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = "" }) },
            },
        }), stop);
        var id = (await Require(created, stop))["Id"]!.GetValue<string>();
        using var started = await _http.PostAsync($"containers/{id}/start", content: null, stop);
        await Require(started, stop);
        return id;
    }

    public async Task Remove(string id, CancellationToken stop)
    {
        using var removed = await _http.DeleteAsync($"containers/{id}?force=true&v=true", stop);
        await Require(removed, stop);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> Require(HttpResponseMessage answer, CancellationToken stop)
    {
        var body = await answer.Content.ReadAsStringAsync(stop);
        return answer.IsSuccessStatusCode
            ? body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!
            : throw new LocalException($"The engine answered {(int)answer.StatusCode}: {body.Trim()}", "Its own log has more.");
    }
}
