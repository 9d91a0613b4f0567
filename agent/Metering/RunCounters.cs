namespace Dweb.Agent.Metering;

/// <summary>The counters of one run of a container. Its group may be made anew for the next one: what is read is this one's while its first process is the same.</summary>
/// <param name="process">Folder of the first process.</param>
/// <param name="start">When that process began, in the kernel's ticks.</param>
/// <param name="cpu">Nanoseconds.</param>
/// <param name="memory">Bytes.</param>
/// <param name="droppable">Bytes of page cache that the kernel would drop first.</param>
internal sealed class RunCounters(string process, ulong start, CounterFile cpu, CounterFile memory, CounterFile droppable)
{
    /// <returns>Null once the run has ended.</returns>
    public CounterSample? Read()
    {
        try
        {
            if (ProcessIdentity.StartOf(KernelFile.Read(process + "/stat")) != start)
            {
                return null;
            }

            (ulong received, ulong sent) = NetworkCounters.Parse(KernelFile.Read(process + "/net/dev"));
            ulong used = memory.Read();
            return new CounterSample(cpu.Read(), used - Math.Min(used, droppable.Read()), received, sent);
        }
        catch (Exception failure) when (KernelFile.IsGone(failure))
        {
            return null;
        }
    }
}
