using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Calls of Docker's API, whoever serves it: refusals and silence come as faults of our own.</summary>
/// <param name="name">The engine's, for messages.</param>
/// <param name="faultOf">What a refusal of this status and body means.</param>
internal sealed class EngineCalls(string name, Uri address, Func<HttpStatusCode, string, RuntimeFault> faultOf)
{
    public string Name => name;

    public static RuntimeFault DockerFaultOf(HttpStatusCode status, string body) => status switch
    {
        HttpStatusCode.NotFound => RuntimeFault.ContainerMissing,
        HttpStatusCode.Conflict => RuntimeFault.NameTaken,
        _ => RuntimeFault.Refused,
    };

    /// <exception cref="RuntimeException">It refused or did not answer.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DockerApiException refusal)
        {
            throw Refusal(refusal.StatusCode, refusal.ResponseBody ?? "", refusal);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            throw new RuntimeException(RuntimeFault.Unreachable, $"{name} does not answer at {address}: {failure.Message}", failure);
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{Task{T}})"/>
    public Task RunAsync(Func<Task> call) => RunAsync(async () =>
    {
        await call();
        return true;
    });

    /// <summary>What a refusal says in the engine's own words.</summary>
    public RuntimeException Refusal(HttpStatusCode status, string body, Exception? inner = null) =>
        new(faultOf(status, body), $"{name}: {MessageOf(body, status)}", inner);

    private static string MessageOf(string body, HttpStatusCode status)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message)
                ? message.GetString() ?? status.ToString()
                : status.ToString();
        }
        catch (JsonException)
        {
            return string.IsNullOrWhiteSpace(body) ? status.ToString() : body.Trim();
        }
    }
}
