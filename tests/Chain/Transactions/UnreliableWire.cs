using System.Net;
using System.Text;

namespace Dweb.Chain.Tests.Transactions;

internal enum WireFault
{
    /// <summary>The node gets the request, its answer is lost.</summary>
    AnswerLost,

    /// <summary>The request never arrives.</summary>
    RequestLost,

    /// <summary>The node does not know the method.</summary>
    MethodUnknown,
}

/// <summary>A wire to a real node that fails the first so many requests of one method.</summary>
internal sealed class UnreliableWire(string method, WireFault fault, int times) : DelegatingHandler(new SocketsHttpHandler())
{
    private int left = times;

    public int Seen { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = await request.Content!.ReadAsStringAsync(cancellationToken);
        if (!body.Contains($"\"{method}\"", StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        Seen++;
        if (left-- <= 0)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (fault == WireFault.MethodUnknown)
        {
            const string Answer = """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}""";
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "application/json") };
        }

        if (fault == WireFault.AnswerLost)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
        }

        throw new HttpRequestException("the connection was reset");
    }
}
