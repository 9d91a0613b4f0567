using System.Globalization;

namespace Dweb.Core.Manifest.Compose;

/// <summary><c>ports</c>: the container's TCP ports. A port of the host is the agent's choice, so asking for one is refused.</summary>
internal static class PortsReader
{
    private const string TcpSuffix = "/tcp";

    public static IReadOnlyList<PortSpec> Read(ComposeNode? node)
    {
        var ports = new List<PortSpec>();
        foreach (var item in node?.AsList() ?? [])
        {
            var port = new PortSpec(item.IsMap ? Long(item.AsMap()) : Short(item, item.AsText()));
            if (ports.Contains(port))
            {
                throw item.Malformed($"lists port {port.Container} twice");
            }

            ports.Add(port);
        }

        return ports;
    }

    private static ushort Long(ComposeMap map)
    {
        map.Allow("target", "protocol");
        if (map.Find("protocol") is { } protocol && protocol.AsText() != "tcp")
        {
            throw protocol.Unsupported("must be tcp");
        }

        return (ushort)map.Require("target").AsInteger(1, ushort.MaxValue);
    }

    private static ushort Short(ComposeNode item, string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            throw item.Unsupported($"asks for a port of the host with '{text}'; the agent chooses it, so write the container's port alone");
        }

        string number = text.EndsWith(TcpSuffix, StringComparison.Ordinal) ? text[..^TcpSuffix.Length] : text;
        if (number.Contains('/', StringComparison.Ordinal) || number.Contains('-', StringComparison.Ordinal))
        {
            throw item.Unsupported($"has '{text}'; single TCP ports are supported");
        }

        return ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? port
            : throw item.Malformed($"has '{text}', which is no port from 1 to 65535");
    }
}
