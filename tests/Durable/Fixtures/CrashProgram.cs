using System.Globalization;
using System.Text.Json.Serialization;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>
/// Orchestrations with every kind of write: start, fan-out, sub-orchestration, events between instances and from outside, a timer, and a new generation.
/// What they come to does not depend on when their process dies.
/// </summary>
internal static class CrashProgram
{
    public const string ParentOutput = "153";
    public const string ReceiverOutput = "66";

    /// <summary>Calls of the activity in one whole run.</summary>
    public const int Effects = 5;

    private static readonly OrchestrationDefinition<int, int> Parent = new("Parent", CrashJson.Default.Int32, CrashJson.Default.Int32);
    private static readonly OrchestrationDefinition<int, int> Child = new("Child", CrashJson.Default.Int32, CrashJson.Default.Int32);
    private static readonly OrchestrationDefinition<int, int> Receiver = new("Receiver", CrashJson.Default.Int32, CrashJson.Default.Int32);
    private static readonly ActivityDefinition<int, int> Effect = new("Effect", CrashJson.Default.Int32, CrashJson.Default.Int32);
    private static readonly EventDefinition<int> Number = new("Number", CrashJson.Default.Int32);

    /// <param name="effect">Is told each run of the activity, by a name that the runs of one call share.</param>
    public static OrchestrationRegistry Orchestrations(Action<string> effect) => new OrchestrationRegistry()
        .AddActivity(Effect, (context, n, _) =>
        {
            effect(string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId.Split(':')[0]}-{context.TaskId}-{n}"));
            return Task.FromResult(n + 1);
        })
        .AddOrchestration(Receiver, async (context, n) =>
        {
            var sum = 0;
            for (var i = 0; i < n; i++)
            {
                sum += await context.WaitForEventAsync(Number);
            }
            return sum;
        })
        .AddOrchestration(Child, async (context, n) => (await context.CallAsync(Effect, n)) * 10)
        .AddOrchestration(Parent, async (context, n) =>
        {
            if (n == 3)
            {
                context.SendEvent("receiver", Number, 22);
                var child = await context.CallSubOrchestrationAsync(Child, n);
                context.SendEvent("receiver", Number, 44);
                context.ContinueAsNew(child);
                return 0;
            }
            var fan = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => context.CallAsync(Effect, i)));
            var number = await context.WaitForEventAsync(Number);
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(1));
            return n + fan.Sum() + number + await context.CallAsync(Effect, 3);
        });

    /// <summary>What a client does; it may do it again after a crash.</summary>
    public static async Task DriveAsync(IOrchestrationClient client, CancellationToken ct)
    {
        await client.StartAsync(Receiver, "receiver", 2, ct);
        await client.StartAsync(Parent, "parent", 3, ct);
        try
        {
            await client.RaiseEventAsync("parent", Number, 100, "client-event", ct);
        }
        catch (OrchestrationEndedException)
        {
            // An earlier life got as far as the end.
            if ((await client.GetAsync("parent", ct))!.Output != ParentOutput)
            {
                throw;
            }
        }
    }

    /// <summary>Both have ended, and nothing is left to do.</summary>
    public static async Task FinishedAsync(IOrchestrationClient client, IHubStore store, CancellationToken ct)
    {
        await client.WaitForCompletionAsync("parent", ct);
        await client.WaitForCompletionAsync("receiver", ct);
        while (await store.QueryAsync(HubTable.Live, "", ct).AnyAsync(ct))
        {
            await Task.Delay(5, ct);
        }
    }
}

[JsonSerializable(typeof(int))]
internal sealed partial class CrashJson : JsonSerializerContext;
