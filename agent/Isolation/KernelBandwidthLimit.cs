using System.Globalization;
using System.Runtime.InteropServices;
using Dweb.Agent.Machine;

namespace Dweb.Agent.Isolation;

/// <summary>
/// A token bucket at each end of the pair of interfaces that joins a container to its bridge: at the container's end for what it sends, at the host's for what
/// it receives. The container's end is in its own network, where it has no right to change anything.
/// </summary>
internal sealed partial class KernelBandwidthLimit : IBandwidthLimit
{
    // An order that reserves none is not promised any, but its container must be able to answer.
    private const ulong Least = 1;

    // Longer than a tick of the slowest kernel clock (100 Hz), or a bucket could not be emptied at its rate.
    private const double BurstSeconds = 0.012;

    // Of one large segment, as the kernel hands them down.
    private const ulong LeastBurst = 65_536;
    private const ulong BytesPerMegabit = 125_000;
    private const string ContainerInterface = "eth0";
    private const int NameBytes = 16;

    public async Task<bool> ApplyAsync(int pid, ulong bandwidth, CancellationToken cancellationToken)
    {
        try
        {
            string host = NameOf(uint.Parse(await File.ReadAllTextAsync($"/proc/{pid}/root/sys/class/net/{ContainerInterface}/iflink", cancellationToken), CultureInfo.InvariantCulture));
            var sending = HostTool.RunAsync("nsenter", [$"--net=/proc/{pid}/ns/net", "--", "tc", .. Bucket(ContainerInterface, bandwidth)], null, cancellationToken);
            var receiving = HostTool.RunAsync("tc", Bucket(host, bandwidth), null, cancellationToken);
            await Task.WhenAll(sending, receiving);
            return true;
        }
        catch (Exception failure) when (failure is HostToolException or IOException && !Directory.Exists($"/proc/{pid}"))
        {
            return false;
        }
        catch (IOException failure)
        {
            throw new HostToolException("tc", $"The interface of process {pid} cannot be found: {failure.Message}", failure);
        }
    }

    private static string[] Bucket(string device, ulong bandwidth)
    {
        ulong rate = Math.Max(Least, bandwidth);
        ulong burst = Math.Max(LeastBurst, (ulong)(rate * BytesPerMegabit * BurstSeconds));
        return
        [
            "qdisc", "replace", "dev", device, "root", "tbf",
            "rate", string.Create(CultureInfo.InvariantCulture, $"{rate}mbit"), "burst", burst.ToString(CultureInfo.InvariantCulture), "latency", "50ms",
        ];
    }

    private static string NameOf(uint index)
    {
        byte[] name = new byte[NameBytes];
        return InterfaceName(index, name) != 0
            ? System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0')
            : throw new HostToolException("tc", $"The host has no interface {index}, to which the container's is joined.");
    }

    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static partial nint InterfaceName(uint index, [Out] byte[] name);
}
