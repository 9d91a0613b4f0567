using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>Starts parts one by one, waits until each serves, and ends them in reverse order, whatever happens.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(15);
    private readonly Spawner _spawner;
    private readonly StateFolder _state;
    private readonly RecordBook _book;
    private readonly FileStream _lock;
    private readonly List<Child> _children = [];
    private readonly Lock _adding = new();
    private int _order;

    private Supervisor(Spawner spawner, StateFolder state, FileStream @lock)
    {
        (_spawner, _state, _lock) = (spawner, state, @lock);
        _book = new RecordBook(state.Run);
    }

    /// <summary>Names of parts that an earlier, broken start had left running.</summary>
    public IReadOnlyList<string> Leftovers { get; private set; } = [];

    /// <summary>Takes the stack of a folder for this process and ends what an earlier one left.</summary>
    /// <exception cref="LocalException">Another process has it.</exception>
    public static async Task<Supervisor> Take(Spawner spawner, StateFolder state, CancellationToken stop)
    {
        state.Create();
        var @lock = await TakeLock(state, stop);
        var supervisor = new Supervisor(spawner, state, @lock);
        supervisor.Leftovers = await supervisor._book.EndLeftovers(LeftoverPatience, stop);
        return supervisor;
    }

    private static async Task<FileStream> TakeLock(StateFolder state, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(state.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < LockPatience)
            {
                // A process that has just ended gives up its files with its last thread, a moment after it is gone for all to see.
                await Task.Delay(Poll, stop);
            }
            catch (IOException)
            {
                throw new LocalException($"A local stack already runs in {state.Root}.", "End it with 'dweb local down' (or Ctrl-C where it runs), then start again.");
            }
        }
    }

    /// <summary>Starts a part and returns when it serves.</summary>
    /// <exception cref="LocalException">It ended or does not serve in time; the message says where its log is and how it ends.</exception>
    public async Task<Child> Start(PartPlan plan, CancellationToken stop)
    {
        var log = _state.Log(plan.Name);
        File.Delete(log);
        var order = Interlocked.Increment(ref _order);
        var child = await Child.Start(_spawner, _book, plan.Name, order, plan.Ports, plan.Launch, log);
        lock (_adding)
        {
            _children.Add(child);
        }

        var started = TimeProvider.System.GetTimestamp();
        while (!await plan.IsReady(stop))
        {
            if (child.HasEnded)
            {
                throw new LocalException($"{plan.Name} ended before it served. The end of {log}:\n{LogTail.Of(log)}", plan.Advice);
            }

            if (TimeProvider.System.GetElapsedTime(started) > plan.Deadline)
            {
                throw new LocalException($"{plan.Name} does not serve after {plan.Deadline.TotalSeconds:0} s. The end of {log}:\n{LogTail.Of(log)}", plan.Advice);
            }

            await Task.Delay(Poll, stop);
        }

        return child;
    }

    /// <summary>The first part that ended by itself, if any.</summary>
    public Child? FirstEnded()
    {
        lock (_adding)
        {
            return _children.FirstOrDefault(c => c.HasEnded);
        }
    }

    public int PidOf(string name) => _book.Read().Single(record => record.Name == name).Pid;

    /// <summary>Ends a part as a power cut would; it is not missed.</summary>
    public async Task Kill(string name, CancellationToken stop)
    {
        Child child;
        lock (_adding)
        {
            child = _children.Single(c => c.Name == name);
            _children.Remove(child);
        }

        await child.Kill(stop);
    }

    /// <summary>Ends all parts but one, started last first.</summary>
    public async Task StopAllBut(string? kept)
    {
        for (var i = _children.Count - 1; i >= 0; i--)
        {
            var child = _children[i];
            if (child.Name != kept)
            {
                _children.RemoveAt(i);
                await child.Stop(CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllBut(kept: null);
        await _lock.DisposeAsync();
    }
}
