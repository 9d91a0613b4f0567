using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Benchmarks.Durable;

/// <summary>What the npm package <c>@microsoft/durabletask-js</c> takes for the same work on its in-memory backend.</summary>
internal sealed record PeerFigures(double SequencesASecond, double FanOutMs, double BytesEach, IReadOnlyList<double> ReplayMs);

internal static class Peer
{
    public static async Task<PeerFigures> MeasureAsync(int sequences, int calls, int crowd, IEnumerable<int> histories)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peer", "bench.js");
        string[] numbers = [.. new[] { sequences, calls, crowd }.Concat(histories).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        using var process = Process.Start(new ProcessStartInfo("node", ["--expose-gc", script, NodeModules.Folder(), .. numbers]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize(said, PeerJson.Default.PeerFigures)!
            : throw new InvalidOperationException($"The peer's program ended with {process.ExitCode}.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerFigures))]
internal sealed partial class PeerJson : JsonSerializerContext;
