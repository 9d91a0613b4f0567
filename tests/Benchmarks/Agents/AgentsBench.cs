using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Spectre.Console;

namespace Dweb.Benchmarks.Agents;

/// <summary>
/// <c>agents</c>: what many agents cost a control plane that has nothing else to do. Each of them has a long poll open all the time and sends a heartbeat each
/// period, at a moment of its own. COEs are on the chain, requests are signed beforehand.
/// </summary>
internal sealed class AgentsBench(Uri endpoint, int pid, TimeSpan period)
{
    private const int Periods = 3;
    private readonly ConcurrentBag<double> beats = [];
    private readonly ConcurrentBag<double> polls = [];
    private int failed;

    public static async Task RunAsync(int agents, Uri endpoint, Uri rpc, string deploymentFile, int pid, TimeSpan period)
    {
        using var http = new HttpClient();
        var chain = new ChainClient(new JsonRpcClient(http, rpc));
        Console.WriteLine($"registering {agents} COEs on the chain");
        var coes = await new Hosts(chain, DeploymentFile.Load(deploymentFile)).RegisterAsync(agents, CancellationToken.None);
        await new AgentsBench(endpoint, pid, period).MeasureAsync(coes);
    }

    private async Task MeasureAsync(IReadOnlyList<RegisteredCoe> coes)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = endpoint, Timeout = TimeSpan.FromMinutes(2) };
        await UntilKnownAsync(http, coes[^1]);
        Console.WriteLine($"signing what {coes.Count} agents will say");
        long at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var requests = coes.AsParallel().Select(coe => new SignedRequests(coe, Periods + 1, at)).ToList();
        long before = ProcessFigures.ResidentKiB(pid);

        using var over = new CancellationTokenSource();
        Console.WriteLine("opening a long poll for each");
        using var answered = new CountdownEvent(coes.Count);
        var polling = requests.ConvertAll(agent => PollAsync(http, agent, answered, over.Token));
        await Task.Run(answered.Wait);

        Console.WriteLine($"heartbeats, one a {period.TotalSeconds:0} s and agent");
        long began = TimeProvider.System.GetTimestamp();
        long cpu = ProcessFigures.CpuTicks(pid);
        await Task.WhenAll(requests.Select((agent, i) => BeatAsync(http, agent, period * ((double)i / requests.Count))));
        var took = TimeProvider.System.GetElapsedTime(began);
        double used = (ProcessFigures.CpuTicks(pid) - cpu) / (double)ProcessFigures.TicksPerSecond;
        long after = ProcessFigures.ResidentKiB(pid);
        await over.CancelAsync();
        await Task.WhenAll(polling);
        Show(coes.Count, took, used, before, after);
    }

    private static async Task UntilKnownAsync(HttpClient http, RegisteredCoe last)
    {
        while (true)
        {
            using var answer = await http.GetAsync($"/api/coes/{last.Coe}");
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(500);
        }
    }

    private async Task BeatAsync(HttpClient http, SignedRequests agent, TimeSpan after)
    {
        await Task.Delay(after);
        using var timer = new PeriodicTimer(period);
        for (int number = 0; number < Periods; number++)
        {
            long start = TimeProvider.System.GetTimestamp();
            using var request = agent.Beat(number);
            using var answer = await http.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            beats.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            if (!answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref failed);
            }

            if (number < Periods - 1)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>The first answer comes at once; each later one is held until something changes, or 25 s.</summary>
    private async Task PollAsync(HttpClient http, SignedRequests agent, CountdownEvent answered, CancellationToken over)
    {
        string? etag = null;
        while (!over.IsCancellationRequested)
        {
            try
            {
                long start = TimeProvider.System.GetTimestamp();
                using var request = agent.Poll(etag);
                using var answer = await http.SendAsync(request, over);
                if (etag is null)
                {
                    polls.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
                    answered.Signal();
                }

                etag = answer.Headers.ETag?.ToString() ?? etag;
                if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotModified))
                {
                    throw new InvalidOperationException($"A poll was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(over)}");
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Show(int agents, TimeSpan took, double used, long before, long after)
    {
        AnsiConsole.Profile.Width = 160;
        var table = new Table().AddColumn(Markup.Escape($"{Text(agents)} agents, a heartbeat each {period.TotalSeconds:0} s, a long poll each")).AddColumn(new TableColumn("").RightAligned());
        double[] sorted = [.. beats.Order()];
        double[] first = [.. polls.Order()];
        table.AddRow("heartbeats a second", Text(sorted.Length / took.TotalSeconds));
        table.AddRow("heartbeat p50, ms", Text(sorted[sorted.Length / 2]));
        table.AddRow("heartbeat p99, ms", Text(sorted[(int)(sorted.Length * 0.99)]));
        table.AddRow("heartbeat at most, ms", Text(sorted[^1]));
        table.AddRow("heartbeats refused", Text(failed));
        table.AddRow("first poll p99, all at once, ms", Text(first[(int)(first.Length * 0.99)]));
        table.AddRow("control plane's CPU, of one core", (used / took.TotalSeconds).ToString("P0", CultureInfo.InvariantCulture));
        table.AddRow("its memory before them, MiB", Text(before / 1024.0));
        table.AddRow("its memory with them, MiB", Text(after / 1024.0));
        AnsiConsole.Write(table);
    }

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
