using System.Threading.Channels;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>Requests of one control plane for logs that wait for an answer. It repeats a request until it was answered; one is taken once.</summary>
internal sealed class LogDesk
{
    private const int MostRemembered = 1_024;

    private readonly Channel<LogRequest> waiting = Channel.CreateUnbounded<LogRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public ChannelReader<LogRequest> Waiting => waiting.Reader;

    /// <summary>Called by one loop only.</summary>
    public void Take(IReadOnlyList<LogRequest> requests)
    {
        if (taken.Count > MostRemembered)
        {
            taken.Clear();
        }

        foreach (var request in requests.Where(request => taken.Add(request.RequestId)))
        {
            waiting.Writer.TryWrite(request);
        }
    }
}
