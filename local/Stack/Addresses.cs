using System.Globalization;

namespace Dweb.Local.Stack;

/// <summary>The loopback ports of one stack.</summary>
internal sealed record Addresses(int Blobs, int Queues, int Tables, int Chain, int Registry, int ControlPlane, IReadOnlyList<int> Members)
{
    public string Rpc => Url(Chain);

    public string RegistryUrl => Url(Registry);

    /// <summary>The registry as it appears in front of an image's name.</summary>
    public string RegistryName => "127.0.0.1:" + Registry.ToString(CultureInfo.InvariantCulture);

    public string Endpoint => Url(ControlPlane);

    /// <summary>There is one scheduler key, and the control plane has it.</summary>
    public bool IsOneMember => Members.Count == 0;

    /// <summary>Of the scheduler members, in the order of <see cref="Role.Members"/>.</summary>
    public IReadOnlyList<string> MemberEndpoints => [.. Members.Select(Url)];

    /// <param name="members">Processes of scheduler members.</param>
    public static Addresses Find(int members) => FreePorts.Find(6 + members) is [var a, var b, var c, var d, var e, var f, .. var own]
        ? new Addresses(a, b, c, d, e, f, own)
        : throw new InvalidOperationException("at least six ports were asked for");

    public static string Url(int port) => "http://127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture);
}
