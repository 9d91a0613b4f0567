namespace Dweb.Agent.Tests.Support;

/// <summary>What a container serves over HTTP.</summary>
internal static class Served
{
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1);

    /// <summary>The text at an address, once somebody listens there: a container runs from before its program does.</summary>
    public static async Task<string> ReadAsync(string address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Generous);
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                return await http.GetStringAsync(new Uri(address), limit.Token);
            }
            catch (HttpRequestException notYet) when (notYet.StatusCode is null)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }
}
