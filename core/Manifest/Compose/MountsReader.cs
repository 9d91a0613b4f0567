namespace Dweb.Core.Manifest.Compose;

internal sealed record Mounts(IReadOnlyList<VolumeSpec> Volumes, IReadOnlyList<string> Temporary);

/// <summary><c>volumes</c>, <c>tmpfs</c> and <c>read_only</c> of a service. Nothing of the host can be mounted.</summary>
internal static class MountsReader
{
    // Less than this a file system has no room for files.
    private const ulong LeastStorage = 8;

    /// <param name="storage">MiB that the service reserves.</param>
    public static Mounts Read(ComposeMap service, ulong storage)
    {
        if (service.Find("read_only") is { } readOnly && !readOnly.AsBool())
        {
            throw readOnly.Unsupported("must be true: the root of a container is read-only; name what is written in 'volumes' or 'tmpfs'");
        }

        var volumes = new List<VolumeSpec>();
        var temporary = new List<string>();
        foreach (var item in service.Find("volumes")?.AsList() ?? [])
        {
            if (item.IsMap)
            {
                ReadLong(item.AsMap(), volumes, temporary);
            }
            else
            {
                volumes.Add(Short(item, item.AsText()));
            }

            Check(item, volumes, temporary);
        }

        if (service.Find("volumes") is { } node && volumes.Count > 0 && storage < LeastStorage)
        {
            throw node.Malformed($"needs x-dweb.storage of at least {LeastStorage} MiB");
        }

        foreach (var item in ListOf(service.Find("tmpfs")))
        {
            string path = item.AsText();
            temporary.Add(path.Contains(':', StringComparison.Ordinal) ? throw item.Unsupported($"has options in '{path}'; write the path alone") : path);
            Check(item, volumes, temporary);
        }

        return new Mounts(volumes, temporary);
    }

    private static void ReadLong(ComposeMap map, List<VolumeSpec> volumes, List<string> temporary)
    {
        map.Allow("type", "source", "target");
        string target = map.Require("target").AsText();
        switch (map.Require("type").AsText())
        {
            case "volume":
                volumes.Add(new VolumeSpec(target) { Name = map.Find("source")?.AsText() });
                break;
            case "tmpfs" when map.Find("source") is null:
                temporary.Add(target);
                break;
            default:
                throw map.Require("type").Unsupported("must be volume, or tmpfs without a source: nothing of the host can be mounted");
        }
    }

    private static VolumeSpec Short(ComposeNode item, string text)
    {
        string[] parts = text.Split(':');
        return parts switch
        {
            [var path] => new VolumeSpec(path),
            [['/' or '.' or '~', ..], ..] => throw item.Unsupported($"asks for a path of the host with '{text}'; nothing of the host can be mounted"),
            [var name, var path, .. ([] or ["rw"])] => new VolumeSpec(path) { Name = name },
            _ => throw item.Unsupported($"has options in '{text}'; write NAME:PATH or the path alone"),
        };
    }

    private static void Check(ComposeNode item, IReadOnlyList<VolumeSpec> volumes, IReadOnlyList<string> temporary)
    {
        if (MountRules.FindFault(volumes, temporary) is { } fault)
        {
            throw item.Malformed($"is not right: {fault}");
        }
    }

    private static IReadOnlyList<ComposeNode> ListOf(ComposeNode? node) => node is null ? [] : node.IsList ? node.AsList() : [node];
}
