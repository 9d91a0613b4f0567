using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Docker's answers as faults of our own.</summary>
internal static class DockerErrors
{
    public static async Task<T> TranslateAsync<T>(Uri engine, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DockerApiException refusal)
        {
            throw new RuntimeException(FaultOf(refusal.StatusCode), "Docker: " + MessageOf(refusal.ResponseBody, refusal.StatusCode), refusal);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            throw new RuntimeException(RuntimeFault.Unreachable, $"Docker does not answer at {engine}: {failure.Message}", failure);
        }
    }

    public static Task TranslateAsync(Uri engine, Func<Task> call) => TranslateAsync(engine, async () =>
    {
        await call();
        return true;
    });

    private static RuntimeFault FaultOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => RuntimeFault.ContainerMissing,
        HttpStatusCode.Conflict => RuntimeFault.NameTaken,
        _ => RuntimeFault.Refused,
    };

    private static string MessageOf(string? body, HttpStatusCode status)
    {
        try
        {
            using var document = JsonDocument.Parse(body ?? "");
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? status.ToString() : status.ToString();
        }
        catch (JsonException)
        {
            return string.IsNullOrWhiteSpace(body) ? status.ToString() : body.Trim();
        }
    }
}
