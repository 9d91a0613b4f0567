using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace Dweb.Local.Processes;

/// <summary>
/// Starts every child from one thread that lives as long as this program: the kernel sends a child its
/// "parent died" signal when the thread that forked it ends, and threads of the pool come and go.
/// Each child leads a session and group of its own, so a Ctrl-C reaches this program alone and it decides the order of ending.
/// </summary>
internal sealed class Spawner
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new() { SingleReader = true });

    public Spawner() => new Thread(Loop) { IsBackground = true, Name = "spawner" }.Start();

    /// <summary>Starts a program that is asked to end (SIGTERM) should this one vanish.</summary>
    public Task<Process> Start(ProcessStartInfo program)
    {
        var wrapped = Wrap(program);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Writer.TryWrite(() =>
        {
            try
            {
                started.SetResult(Process.Start(wrapped) ?? throw new InvalidOperationException("no process was created"));
            }
            catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
            {
                started.SetException(new LocalException($"'{program.FileName}' cannot be started: {failure.Message}", "Is the program installed and executable?", failure));
            }
        });
        return started.Task;
    }

    private static ProcessStartInfo Wrap(ProcessStartInfo program)
    {
        var arguments = new List<string> { "setpriv", "--pdeathsig", "TERM", "--", program.FileName };
        arguments.AddRange(program.ArgumentList);
        program.FileName = "setsid";
        program.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            program.ArgumentList.Add(argument);
        }

        return program;
    }

    private void Loop()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var action))
            {
                action();
            }
        }
    }
}
