using System.Net;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A scheduler member as its operator runs it: a process of its own with its own key.</summary>
public sealed class SchedulerMember(IReadOnlyDictionary<string, string> settings, Uri address, EvmAddress key) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private ChildProcess? process;

    public Uri Address => address;

    /// <summary>Of the key that it signs with.</summary>
    public EvmAddress Key => key;

    public bool IsRunning => process is not null;

    public string Output => process?.Output ?? "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = ControlPlane.Launch(settings, "--role", "scheduler");
        await process.WaitForPortAsync(address.Port, cancellationToken);
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        var killed = process!;
        process = null;
        await killed.KillAsync();
        await killed.DisposeAsync();
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => http.SendAsync(request, cancellationToken);

    /// <returns>Whose signature it gave, for this very message.</returns>
    public async Task<EvmAddress?> SignAsync(CommitteeRequest request, TypedDataDomain book, CancellationToken cancellationToken)
    {
        var (status, answer) = await AskAsync(request, cancellationToken);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {Encoding.UTF8.GetString(answer)}\n{process?.Output}");
        return Secp256k1.Recover(book.Digest(request.StructHash()), JsonSerializer.Deserialize(answer, DwebJson.Default.CommitteeSignature)!.Signature);
    }

    public async Task<Problem> RefuseAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        var (status, answer) = await AskAsync(request, cancellationToken);
        Assert.True(status != HttpStatusCode.OK, "It signed.");
        var problem = JsonSerializer.Deserialize(answer, DwebJson.Default.Problem)!;
        Assert.Equal((int)status, problem.Status);
        return problem;
    }

    /// <summary>Asks until it signs; what it refuses for meanwhile has to be one of these.</summary>
    public async Task<EvmAddress?> SignInTheEndAsync(
        Func<Task<CommitteeRequest>> request, TypedDataDomain book, CancellationToken cancellationToken, params IReadOnlyList<ErrorCode> until)
    {
        while (true)
        {
            var asked = await request();
            var (status, answer) = await AskAsync(asked, cancellationToken);
            if (status == HttpStatusCode.OK)
            {
                return Secp256k1.Recover(book.Digest(asked.StructHash()), JsonSerializer.Deserialize(answer, DwebJson.Default.CommitteeSignature)!.Signature);
            }

            Assert.Contains(JsonSerializer.Deserialize(answer, DwebJson.Default.Problem)!.Code, until.Select(static code => code.Code));
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Answer)> AskAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        using var message = ControlPlane.Post("/api/committee/sign", JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.CommitteeRequest));
        using var response = await http.SendAsync(message, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
