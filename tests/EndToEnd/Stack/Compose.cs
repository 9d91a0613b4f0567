namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Compose files as people write them.</summary>
internal static class Compose
{
    /// <summary>One small service.</summary>
    /// <param name="volume">Where it keeps what it writes; null for nowhere.</param>
    public static string Single(string image, string region, string cpus = "0.25", int replicas = 1, string? volume = null) => $"""
        services:
          web:
            image: {image}
            ports: ["8080"]
            stop_grace_period: 1s
            volumes: [{volume}]
            deploy:
              replicas: {replicas}
              resources:
                limits:
                  cpus: "{cpus}"
                  memory: 64m
            x-dweb:
              regions: [{region}]
              storage: 64m
        x-dweb:
          duration: 1h
          prepay: 20m

        """;

    /// <summary>Writes a file where the stack keeps its own.</summary>
    public static string Write(RealStack stack, string name, string text)
    {
        string folder = Directory.CreateDirectory(Path.Combine(stack.State.Root, "compose")).FullName;
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
