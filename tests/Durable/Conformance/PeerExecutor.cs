using Dweb.Durable.Tests.Conformance;
using Dweb.Durable.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PeerExecutor))]

namespace Dweb.Durable.Tests.Conformance;

/// <summary>The peer's executor in a Node process, as a worker for our hub; one for all tests, started for the first.</summary>
public sealed class PeerExecutor : IAsyncDisposable
{
    private readonly Lazy<Task<NodeProgram>> _program = new(() => NodeProgram.StartAsync("executor.js"));

    internal async ValueTask<byte[]> ExecuteAsync(ReadOnlyMemory<byte> request, CancellationToken ct)
    {
        using var body = new ReadOnlyMemoryContent(request);
        using var answer = await (await _program.Value).Http.PostAsync("execute", body, ct);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsByteArrayAsync(ct)
            : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        if (_program.IsValueCreated)
        {
            await (await _program.Value).DisposeAsync();
        }
    }
}
