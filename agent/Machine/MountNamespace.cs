using System.Buffers.Binary;
using System.Net.Sockets;

namespace Dweb.Agent.Machine;

/// <summary>
/// The view of the file system that the engine's containers are made from. A hardened unit of the agent has another one, in which what it mounts is seen by
/// nobody else: it mounts where the engine looks.
/// </summary>
/// <param name="Pid">A process that has the view; null for the agent's own.</param>
internal sealed record MountNamespace(int? Pid)
{
    // SOL_SOCKET and SO_PEERCRED of Linux: struct ucred, whose first member is the pid.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialBytes = 12;

    public static MountNamespace Own { get; } = new((int?)null);

    /// <summary>Of whoever listens on an engine's socket: the engine, or the system's manager that started it.</summary>
    /// <param name="engine">Of scheme <c>unix</c>; the agent's own for any other.</param>
    /// <exception cref="HostToolException">Nobody listens there, or its view cannot be looked at.</exception>
    public static MountNamespace OfEngine(Uri engine)
    {
        if (engine.Scheme != "unix")
        {
            return Own;
        }

        try
        {
            int pid = PeerOf(engine.LocalPath);
            return File.ResolveLinkTarget($"/proc/{pid}/ns/mnt", returnFinalTarget: false)?.Name == File.ResolveLinkTarget("/proc/self/ns/mnt", returnFinalTarget: false)?.Name
                ? Own
                : new MountNamespace(pid);
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new HostToolException("engine", $"The engine at {engine} cannot be looked at: {failure.Message}", failure);
        }
    }

    public string MountInfoFile => Pid is { } pid ? $"/proc/{pid}/mountinfo" : "/proc/self/mountinfo";

    /// <exception cref="HostToolException">The program failed.</exception>
    public Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => Pid is { } pid
        ? HostTool.RunAsync("nsenter", [$"--mount=/proc/{pid}/ns/mnt", "--", program, .. arguments], null, cancellationToken)
        : HostTool.RunAsync(program, arguments, null, cancellationToken);

    private static int PeerOf(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        byte[] credentials = new byte[CredentialBytes];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }
}
