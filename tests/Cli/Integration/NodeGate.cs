using System.Net;

namespace Dweb.Cli.Tests.Integration;

/// <summary>A way to a chain node on which a question can be held back for ever.</summary>
internal sealed class NodeGate : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly HttpClient http = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri node;
    private readonly Func<string, Task<bool>> holds;
    private readonly Task serving;

    /// <param name="holds">Told a question, says whether it is held back; nothing is answered any more then.</param>
    public NodeGate(Uri node, Func<string, Task<bool>> holds)
    {
        (this.node, this.holds) = (node, holds);
        Address = $"http://127.0.0.1:{FreePorts.One()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>Done once a question is held back.</summary>
    public Task Held => held.Task;

    public void Dispose()
    {
        listener.Close();
        serving.GetAwaiter().GetResult();
        http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!held.Task.IsCompleted)
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

            using var reader = new StreamReader(context.Request.InputStream);
            string question = await reader.ReadToEndAsync();
            if (await holds(question))
            {
                held.SetResult();
                return;
            }

            using var body = new StringContent(question, System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(node, body);
            byte[] text = await answer.Content.ReadAsByteArrayAsync();
            context.Response.ContentType = "application/json";
            context.Response.ContentLength64 = text.Length;
            await context.Response.OutputStream.WriteAsync(text);
            context.Response.Close();
        }
    }
}
