using System.Text.Json;

namespace Dweb.Durable.Extension;

/// <summary>Where the extension's HTTP API is, and the key it asks for, which the host tells by a <c>durableClient</c> binding with each call.</summary>
/// <param name="host">Base address of the Functions host.</param>
public sealed class ExtensionEndpoint(Uri host)
{
    // A host starts this program's timers within moments of the program itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _query = "";

    /// <summary>Takes what a <c>durableClient</c> binding carries.</summary>
    /// <exception cref="FormatException">No such document.</exception>
    public void Learn(string binding)
    {
        try
        {
            using var document = JsonDocument.Parse(binding);
            var root = document.RootElement;
            var hub = root.GetProperty("taskHubName").GetString() ?? throw new FormatException("The durable client's binding names no task hub.");
            var required = root.TryGetProperty("requiredQueryStringParameters", out var parameters) ? parameters.GetString() : null;
            _query = string.Join('&', ((string?[])[$"taskHub={Uri.EscapeDataString(hub)}", required]).Where(static part => !string.IsNullOrEmpty(part)));
            _known.TrySetResult();
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("That is no durable client's binding.", malformed);
        }
    }

    /// <summary>The address of a path below the API's root; waits until the host has told the key.</summary>
    /// <exception cref="HttpRequestException">The host tells none.</exception>
    internal async Task<Uri> OfAsync(string path, IEnumerable<(string Name, string? Value)> query, CancellationToken ct)
    {
        try
        {
            await _known.Task.WaitAsync(Patience, ct);
        }
        catch (TimeoutException silent)
        {
            throw new HttpRequestException("The Functions host has not told the key of its orchestrations: no call of a function has carried a durableClient binding.", silent);
        }
        var own = query.Where(static part => part.Value is not null).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        return new Uri(host, $"/runtime/webhooks/durabletask/{path}?{string.Join('&', own.Append(_query))}");
    }
}
