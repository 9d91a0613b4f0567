using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Dweb.Core.Protocol;
using Dweb.Functions.Hosting;
using Dweb.Functions.Stores;
using Dweb.Functions.Tests.Stack;
using Dweb.Functions.Triggers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Functions.Tests.Triggers;

/// <summary>The pumps that stand in for a Functions host, over a real Azurite.</summary>
[Trait("Category", "Integration")]
public sealed class PumpTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly QueueSettings Settings = new(TimeSpan.FromHours(1), TimeSpan.Zero, BatchSize: 4, MaxDequeueCount: 3);
    private static readonly QueueSettings Polling = Settings with { MaxPollingInterval = TimeSpan.FromMilliseconds(50) };
    private readonly QueueWake wake = new();
    private readonly StorageAccount storage = new(azurite.ConnectionString);
    private readonly string queueName = $"pumped-{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_message_that_is_announced_in_process_does_not_wait_for_a_poll()
    {
        var function = new Recorder(static _ => { });
        await using var pump = Start(function, Settings, Stores.OrderQueue.Name);
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
        await storage.Queue(queueName).SendMessageAsync("poison", Cancel);
        var poison = storage.Queue(QueuePump.PoisonNameOf(queueName));
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancel);
        for (int delivery = 1; delivery <= Settings.MaxDequeueCount; delivery++)
        {
            Assert.Equal("poison", await function.NextAsync(Cancel));
        }

        Assert.Equal("poison", (await ReceiveAsync(poison)).MessageText);
        Assert.Empty((await storage.Queue(queueName).PeekMessagesAsync(1, Cancel)).Value);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_message_that_is_no_base64_goes_to_the_poison_queue_as_it_was_and_holds_nobody_up()
    {
        const string Plain = "plain text, as another program may write it";
        var function = new Recorder(static _ => { });
        var queue = storage.Queue(queueName);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancel);
        await new QueueClient(azurite.ConnectionString, queue.Name).SendMessageAsync(Plain, Cancel);
        await queue.SendMessageAsync("good", Cancel);
        await using var pump = Start(function, Polling);

        Assert.Equal("good", await function.NextAsync(Cancel));
        var poison = new QueueClient(azurite.ConnectionString, QueuePump.PoisonNameOf(queue.Name));
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancel);
        Assert.Equal(Plain, (await ReceiveAsync(poison)).MessageText);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Of_several_processes_exactly_one_takes_each_occurrence_of_a_timer()
    {
        var file = new FunctionFile("SomeTimer", FunctionFile.TimerTrigger, "timer", Schedule: "* * * * * *");
        var pumps = Enumerable.Range(0, 4).Select(_ => new TimerPump(storage, file, null!, Unheard, TimeProvider.System, NullLogger<TimerPump>.Instance)).ToList();
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

    private static Outages Unheard => new(TimeProvider.System, NullLogger<Outages>.Instance);

    private static async Task<QueueMessage> ReceiveAsync(QueueClient queue)
    {
        QueueMessage? found;
        while ((found = (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value) is null)
        {
            await Task.Delay(20, Cancel);
        }

        return found;
    }

    private RunningPump Start(Recorder function, QueueSettings settings, string? name = null)
    {
        var file = new FunctionFile("OrderQueue", FunctionFile.QueueTrigger, "message", name ?? queueName);
        storage.Queue(file.QueueName!).CreateIfNotExists(cancellationToken: Cancel);
        return new RunningPump(new QueuePump(storage, file, function, settings, wake, Unheard, TimeProvider.System, NullLogger<QueuePump>.Instance), function);
    }

    private sealed class Recorder(Action<string> body) : IQueueFunction
    {
        private readonly System.Threading.Channels.Channel<string> calls = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public string Name => "OrderQueue";

        public ValueTask<string> NextAsync(CancellationToken cancellationToken) => calls.Reader.ReadAsync(cancellationToken);

        public void NoMore(Exception? why) => calls.Writer.TryComplete(why);

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

        public RunningPump(QueuePump pump, Recorder function)
        {
            loop = pump.RunAsync(stopping.Token);
            // A pump that ends by itself is not waited for in vain.
            _ = loop.ContinueWith(ended => function.NoMore(ended.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await loop;
            stopping.Dispose();
        }
    }
}
