using Dweb.Core.Protocol;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;
using Dweb.Functions.Triggers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Triggers;

/// <summary>The pumps that stand in for a Functions host, over a real Azurite of their own.</summary>
[Trait("Category", "Integration")]
public sealed class PumpTests : IAsyncLifetime
{
    private static readonly QueueSettings Settings = new(TimeSpan.FromHours(1), TimeSpan.Zero, BatchSize: 4, MaxDequeueCount: 3);
    private static readonly QueueSettings Polling = Settings with { MaxPollingInterval = TimeSpan.FromMilliseconds(50) };
    private readonly Azurite azurite = new();
    private readonly QueueWake wake = new();
    private StorageAccount storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await azurite.StartAsync(Cancel);
        storage = new StorageAccount(azurite.ConnectionString);
    }

    public ValueTask DisposeAsync() => azurite.DisposeAsync();

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_message_that_is_announced_in_process_does_not_wait_for_a_poll()
    {
        var function = new Recorder(static _ => { });
        await using var pump = Start(function, Settings);
        var queue = new Stores.OrderQueue(storage, wake);
        await queue.InitialiseAsync(Cancel);
        await queue.EnqueueAsync(Keccak256.Hash("order"), Cancel);
        Assert.Equal(Keccak256.Hash("order").ToString(), await function.NextAsync(Cancel));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_message_that_keeps_failing_goes_to_the_poison_queue_as_it_was()
    {
        var function = new Recorder(static _ => throw new InvalidOperationException("on purpose"));
        await using var pump = Start(function, Polling);
        await storage.Queue(Stores.OrderQueue.Name).SendMessageAsync("poison", Cancel);
        var poison = storage.Queue(QueuePump.PoisonNameOf(Stores.OrderQueue.Name));
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancel);
        for (int delivery = 1; delivery <= Settings.MaxDequeueCount; delivery++)
        {
            Assert.Equal("poison", await function.NextAsync(Cancel));
        }

        Azure.Storage.Queues.Models.QueueMessage? found;
        while ((found = (await poison.ReceiveMessageAsync(cancellationToken: Cancel)).Value) is null)
        {
            await Task.Delay(20, Cancel);
        }

        Assert.Equal("poison", found.MessageText);
        Assert.Empty((await storage.Queue(Stores.OrderQueue.Name).PeekMessagesAsync(1, Cancel)).Value);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Of_several_processes_exactly_one_takes_each_occurrence_of_a_timer()
    {
        var file = new FunctionFile("SomeTimer", FunctionFile.TimerTrigger, "timer", Schedule: "* * * * * *");
        var pumps = Enumerable.Range(0, 4).Select(_ => new TimerPump(storage, file, null!, TimeProvider.System, NullLogger<TimerPump>.Instance)).ToList();
        await storage.Container(TimerPump.ContainerName).CreateIfNotExistsAsync(cancellationToken: Cancel);
        var due = TimeProvider.System.GetUtcNow();
        for (int occurrence = 0; occurrence < 3; occurrence++)
        {
            var at = due.AddSeconds(occurrence);
            bool[] taken = await Task.WhenAll(pumps.Select(pump => pump.TakeAsync(at, Cancel)));
            Assert.Single(taken, static took => took);
        }

        Assert.False(await pumps[0].TakeAsync(due, Cancel), "an occurrence that is over was taken again");
    }

    private RunningPump Start(Recorder function, QueueSettings settings)
    {
        var file = new FunctionFile("OrderQueue", FunctionFile.QueueTrigger, "message", Stores.OrderQueue.Name);
        storage.Queue(Stores.OrderQueue.Name).CreateIfNotExists(cancellationToken: Cancel);
        return new RunningPump(new QueuePump(storage, file, function, settings, wake, TimeProvider.System, NullLogger<QueuePump>.Instance));
    }

    private sealed class Recorder(Action<string> body) : IQueueFunction
    {
        private readonly System.Threading.Channels.Channel<string> calls = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public string Name => "OrderQueue";

        public ValueTask<string> NextAsync(CancellationToken cancellationToken) => calls.Reader.ReadAsync(cancellationToken);

        public Task RunAsync(string message, CancellationToken cancellationToken)
        {
            calls.Writer.TryWrite(message);
            body(message);
            return Task.CompletedTask;
        }
    }

    private sealed class RunningPump : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly Task loop;

        public RunningPump(QueuePump pump) => loop = pump.RunAsync(stopping.Token);

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await loop;
            stopping.Dispose();
        }
    }
}
