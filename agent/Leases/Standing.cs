namespace Dweb.Agent.Leases;

/// <summary>
/// Whether this agent holds its COE's key at the control plane. Until a heartbeat was accepted, and while another agent holds the key,
/// nothing new is started; what runs goes on.
/// </summary>
internal sealed class Standing
{
    private readonly TaskCompletionSource superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool held;

    public bool MayStart => held && !superseded.Task.IsCompleted;

    /// <summary>Ends when another agent took over for good.</summary>
    public Task Superseded => superseded.Task;

    public void Accepted() => held = true;

    public void Duplicate() => held = false;

    public void Supersede() => superseded.TrySetResult();
}
