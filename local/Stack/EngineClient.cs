using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Dweb.Local.Stack;

/// <summary>The little that the local stack asks of a container engine: which containers and networks carry a label, and to remove them.</summary>
internal sealed class EngineClient(Engine engine) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.Socket), stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine/v1.41/") };

    /// <summary>Removes the containers, running or not, whose label has one of some values; then their networks. Returns how many containers there were.</summary>
    public async Task<int> RemoveLabelled(string label, IReadOnlyList<string> values, CancellationToken stop)
    {
        var removed = 0;
        foreach (var value in values)
        {
            var filter = Uri.EscapeDataString(JsonSerializer.Serialize(new Dictionary<string, string[]> { ["label"] = [$"{label}={value}"] }, EngineJson.Default.DictionaryStringStringArray));
            var containers = await Ids($"containers/json?all=1&filters={filter}", stop);
            await Task.WhenAll(containers.Select(id => Delete($"containers/{id}?force=1&v=1", stop)));
            removed += containers.Count;
            foreach (var network in await Ids($"networks?filters={filter}", stop))
            {
                await Delete($"networks/{network}", stop);
            }
        }

        return removed;
    }

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<string>> Ids(string path, CancellationToken stop)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), stop));
        return [.. document.RootElement.EnumerateArray().Select(e => e.GetProperty("Id").GetString()!)];
    }

    private async Task Delete(string path, CancellationToken stop)
    {
        using var answer = await _http.DeleteAsync(new Uri(path, UriKind.Relative), stop);
        // Gone already, or being removed by somebody else right now: both are what is wanted.
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
        {
            answer.EnsureSuccessStatusCode();
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class EngineJson : System.Text.Json.Serialization.JsonSerializerContext;
