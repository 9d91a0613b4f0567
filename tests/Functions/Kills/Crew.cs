using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Kills;

/// <summary>Agents that run whatever they are assigned and are heard all the time, but for those that are silenced; a control plane that is away is waited for.</summary>
public sealed class Crew : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<Hash32> silent = [];
    private readonly Lock gate = new();
    private readonly Task working;

    public Crew(IReadOnlyList<TestAgent> agents) => working = Task.WhenAll(agents.Select(WorkAsync));

    public void Silence(Hash32 coe)
    {
        lock (gate)
        {
            silent.Add(coe);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await working;
        stopping.Dispose();
    }

    private async Task WorkAsync(TestAgent agent)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!IsSilent(agent.Coe))
                {
                    var beat = new HeartbeatRequest(agent.AgentId, 1, agent.NextSequence(), "test", await RunningAsync(agent));
                    using var heard = await agent.PostAsync("heartbeat", beat, DwebJson.Default.HeartbeatRequest, stopping.Token);
                }

                await Task.Delay(100, stopping.Token);
            }
            catch (Exception away) when (away is HttpRequestException or IOException)
            {
                // The control plane was killed, and is started again.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The story is over.
            }
        }
    }

    /// <summary>Everything that is assigned; nothing when the control plane, only just started, refuses to say.</summary>
    private async Task<IReadOnlyList<LeaseReport>> RunningAsync(TestAgent agent)
    {
        using var request = ControlPlane.Sign(new HttpRequestMessage(HttpMethod.Get, agent.Path("assignments")), [], agent.Key);
        using var answer = await agent.SendAsync(request, stopping.Token);
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var document = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(stopping.Token), DwebJson.Default.AssignmentsDocument)!;
        return [.. document.Leases.Where(static lease => !lease.Stop).Select(static lease => new LeaseReport(lease.LeaseId, LeasePhase.Running, [], null, null))];
    }

    private bool IsSilent(Hash32 coe)
    {
        lock (gate)
        {
            return silent.Contains(coe);
        }
    }
}
