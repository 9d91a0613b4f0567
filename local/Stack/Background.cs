using System.Diagnostics;
using System.Globalization;
using Dweb.Local.Commands;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>A stack that outlives the command that started it: a supervisor of its own session, found again by its record.</summary>
internal sealed class Background(Repository repository, StateFolder state)
{
    private const string Name = "supervisor";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(90);

    public string Log => Path.Combine(state.Root, "supervisor.log");

    private RecordBook Book => new(Path.Combine(state.Root, Name));

    public bool IsRunning => Running() is not null;

    /// <summary>Starts the supervisor and passes on what it says until the stack is up.</summary>
    /// <exception cref="LocalException">It ended before.</exception>
    public async Task Start(Action<string> heard, CancellationToken stop)
    {
        state.Create();
        File.Delete(state.Description);
        File.Delete(Log);
        var program = Environment.ProcessPath ?? "dotnet";
        var info = new ProcessStartInfo("setsid", ["sh", "-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", Log, program, typeof(Background).Assembly.Location, "local", "supervise"]) { UseShellExecute = false };
        info.Environment["DWEB_ROOT"] = repository.Root;
        info.Environment[Workshop.StateVariable] = state.Root;
        using var process = Process.Start(info) ?? throw new InvalidOperationException("the supervisor did not start");
        var id = ProcessId.Of(process.Id) ?? throw new LocalException("The supervisor ended at once.", $"Its log is {Log}.");
        Book.Write(new ProcessRecord(Name, id.Pid, id.StartTime, 0, new Dictionary<string, int>()));
        try
        {
            await Follow(id, heard, stop);
        }
        catch (OperationCanceledException)
        {
            await Ending.End(id, EndPatience, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Ends the stack; false when none ran.</summary>
    public async Task<bool> End(Spawner spawner, CancellationToken stop)
    {
        var running = Running();
        if (running is { } id && !await Ending.End(id, EndPatience, stop))
        {
            throw new LocalException(
                string.Create(CultureInfo.InvariantCulture, $"The supervisor (process {id.Pid}) did not end within {EndPatience.TotalSeconds:0} s and was killed."),
                "Run 'dweb local down' again: it ends what is left.");
        }

        Book.Remove(Name);
        File.Delete(state.Description);

        // Whatever a killed supervisor left.
        await using var supervisor = await Supervisor.Take(spawner, state, stop);
        await Remains.RemoveContainers(state, new AgentTraces(repository, new Tool(spawner)), stop);
        return running is not null || supervisor.Leftovers.Count > 0;
    }

    /// <summary>Has the supervisor do something; returns when it is done.</summary>
    /// <exception cref="LocalException">No stack runs, or it ended over it.</exception>
    public async Task Ask(StackRequest request, CancellationToken stop)
    {
        if (Running() is not { } supervisor)
        {
            throw new LocalException("No local stack is running.", "Start it with 'dweb local up'.");
        }

        var requests = new StackRequests(state);
        requests.Put(request);
        while (!requests.IsAnswered)
        {
            if (!supervisor.IsRunning)
            {
                throw new LocalException("The stack ended over it.", $"Its log is {Log}.");
            }

            await Task.Delay(Poll, stop);
        }
    }

    private ProcessId? Running() => Book.Read() is [{ Id: { IsRunning: true } id }] ? id : null;

    private async Task Follow(ProcessId supervisor, Action<string> heard, CancellationToken stop)
    {
        using var reader = await OpenLog(supervisor, stop);
        while (true)
        {
            var isUp = File.Exists(state.Description);
            var isRunning = supervisor.IsRunning;
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                heard(line);
            }

            if (isUp)
            {
                return;
            }

            if (!isRunning)
            {
                throw new LocalException("The stack did not come up; what it said is above.", $"Logs of its parts are in {state.Logs}.");
            }

            await Task.Delay(Poll, stop);
        }
    }

    private async Task<StreamReader> OpenLog(ProcessId supervisor, CancellationToken stop)
    {
        while (!File.Exists(Log) && supervisor.IsRunning)
        {
            await Task.Delay(Poll, stop);
        }

        return new StreamReader(new FileStream(Log, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
    }
}
