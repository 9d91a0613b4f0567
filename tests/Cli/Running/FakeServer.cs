using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Dweb.Cli.Tests.Running;

internal sealed record FakeRequest(string Method, string Path, string Query, string? Authorization, byte[] Body, string? TraceParent);

/// <param name="Headers">As <c>Name: value</c>.</param>
internal sealed record FakeAnswer(int Status, string Body = "", string ContentType = "application/json", params string[] Headers);

/// <summary>An HTTP server that answers what a test tells it, for what a real one would answer only when it is broken.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<FakeRequest> requests = new();
    private readonly Func<FakeRequest, FakeAnswer> answer;
    private readonly Task serving;

    public FakeServer(Func<FakeRequest, FakeAnswer> answer)
    {
        this.answer = answer;
        Address = $"http://127.0.0.1:{FreePorts.One()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public IReadOnlyList<FakeRequest> Requests => [.. requests];

    public void Dispose()
    {
        listener.Close();
        serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var request = new FakeRequest(
                context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.Url.Query, context.Request.Headers["Authorization"], body.ToArray(),
                context.Request.Headers["traceparent"]);
            requests.Enqueue(request);
            var said = answer(request);
            context.Response.StatusCode = said.Status;
            context.Response.ContentType = said.ContentType;
            foreach (string header in said.Headers)
            {
                string[] parts = header.Split(": ", 2);
                context.Response.AddHeader(parts[0], parts[1]);
            }

            // With a length, never in chunks: a client reads none after HEAD or 204, and takes what is left for the next answer's first line.
            byte[] text = request.Method == "HEAD" ? [] : Encoding.UTF8.GetBytes(said.Body);
            context.Response.ContentLength64 = text.Length;
            if (text.Length > 0)
            {
                await context.Response.OutputStream.WriteAsync(text);
            }

            context.Response.Close();
        }
    }
}
