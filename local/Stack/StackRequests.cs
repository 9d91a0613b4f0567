using Dweb.Local.Layout;

namespace Dweb.Local.Stack;

/// <summary>What a running stack can be asked to do.</summary>
internal enum StackRequest
{
    /// <summary>To take from the control plane all that it has written.</summary>
    ResetControlPlane,
}

/// <summary>A file by which a command asks the supervisor of a stack, another process, for something; the supervisor removes it when it is done.</summary>
internal sealed class StackRequests(StateFolder state)
{
    private string File => Path.Combine(state.Root, "request");

    public bool IsAnswered => !System.IO.File.Exists(File);

    public void Put(StackRequest request) => System.IO.File.WriteAllText(File, request.ToString());

    public StackRequest? Take() => System.IO.File.Exists(File) && Enum.TryParse<StackRequest>(System.IO.File.ReadAllText(File), out var request) ? request : null;

    public void Answer() => System.IO.File.Delete(File);
}
