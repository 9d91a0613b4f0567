using System.Runtime.InteropServices;

namespace Dweb.Local.Processes;

/// <summary>Signals to processes that this program started.</summary>
internal static partial class Signals
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int NoSuchProcess = 3;

    /// <summary>Asks a process to end.</summary>
    public static void Ask(ProcessId process) => Send(process, process.Pid, Terminate);

    /// <summary>Asks all in the group that a process leads, or led, to end.</summary>
    public static void AskGroup(ProcessId leader) => Send(leader, -leader.Pid, Terminate);

    /// <summary>Ends all in the group that a process leads, or led, without asking.</summary>
    public static void EndGroup(ProcessId leader) => Send(leader, -leader.Pid, Kill);

    private static void Send(ProcessId process, int target, int signal)
    {
        // The kernel gives the number of a leader away only after its group is empty; a stranger who has it now is left alone.
        var isStrangers = ProcessId.Of(process.Pid) is { } current && current != process;
        if (!isStrangers && SendSignal(target, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new LocalException($"Process {process.Pid} cannot be signalled (errno {error}).", "Was it started by another user?");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
