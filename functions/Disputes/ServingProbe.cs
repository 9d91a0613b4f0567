using System.Globalization;
using System.Net;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Disputes;

/// <summary>Asks addresses whether anything answers there. Nothing of an answer is read beyond its head, nothing is followed, nothing is kept.</summary>
internal sealed class ServingProbe : IDisposable
{
    private const int MostHeaderKilobytes = 16;

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MostHeaderKilobytes,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="urls">From <see cref="ProbeTargets"/>; asked side by side.</param>
    /// <param name="patience">For the head of an answer.</param>
    /// <returns>How one of them answers, in words; null when none does.</returns>
    public async Task<string?> AskAsync(IReadOnlyList<Uri> urls, TimeSpan patience, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(urls.Select(url => AskAsync(url, patience, cancellationToken)));
        return answers.FirstOrDefault(static answer => answer is not null);
    }

    public void Dispose() => http.Dispose();

    private async Task<string?> AskAsync(Uri url, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        string address = url.GetLeftPart(UriPartial.Authority);
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return string.Create(CultureInfo.InvariantCulture, $"{address} answers {(int)response.StatusCode}");
        }
        catch (HttpRequestException odd) when (odd.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            // A database, say: what came back was no HTTP, but it came from something that runs.
            return $"{address} answers, though not in HTTP";
        }
        catch (Exception silent) when (NetworkFaults.Is(silent))
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
