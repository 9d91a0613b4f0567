using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Dweb.Cli.Tests.Integration;

/// <summary>Where installed and built parts are found.</summary>
internal static class Places
{
    public static string Anvil()
    {
        string? configured = Environment.GetEnvironmentVariable("DWEB_NPM");
        string modules = string.IsNullOrEmpty(configured) ? Path.Combine(Repository(), ".dweb", "npm", "node_modules") : configured;
        string path = Path.Combine(modules, ".bin", "anvil");
        return File.Exists(path) ? path : throw new InvalidOperationException($"anvil is not at {path}: './dweb test' installs it.");
    }

    /// <summary>Creation code of a contract, as forge compiled it.</summary>
    public static byte[] Bytecode(string contract)
    {
        string path = Path.Combine(Repository(), "contracts", "out", contract + ".sol", contract + ".json");
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"{path} is missing: './dweb test' and './dweb contracts build' compile the contracts.");
        }

        using var artifact = JsonDocument.Parse(File.ReadAllBytes(path));
        return Convert.FromHexString(artifact.RootElement.GetProperty("bytecode").GetProperty("object").GetString()![2..]);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
