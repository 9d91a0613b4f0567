using Docker.DotNet.Models;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Adds up what Docker tells of each layer, and keeps the error that it reports inside an answer of status 200.</summary>
internal sealed class DockerPull(IProgress<PullProgress> progress) : IProgress<JSONMessage>
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Done, long Total)> layers = new(StringComparer.Ordinal);
    private string? error;

    public string? Error
    {
        get
        {
            lock (gate)
            {
                return error;
            }
        }
    }

    public void Report(JSONMessage value)
    {
        lock (gate)
        {
            if (value.Error is { } refusal)
            {
                error = refusal.Message;
            }

            if (value is { ID: { Length: > 0 } layer, Status: "Downloading", Progress: { Current: { } done, Total: { } total } })
            {
                layers[layer] = (done, total);
                progress.Report(new PullProgress(layers.Values.Sum(static l => l.Done), layers.Values.Sum(static l => l.Total)));
            }
        }
    }
}
