using System.Runtime.InteropServices;
using Dweb.Functions.Tests.Host;
using Dweb.Functions.Tests.Stack;

[assembly: AssemblyFixture(typeof(PublishedApp))]

namespace Dweb.Functions.Tests.Host;

/// <summary>
/// The folder that <c>dotnet publish functions</c> makes of what was built, once for all tests. It is not compiled ahead, which would take them half
/// a minute; <see cref="ReadyToRunTests"/> look at one that is.
/// </summary>
public sealed class PublishedApp : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-app-").FullName;
    private readonly Lazy<Task> published;

    public PublishedApp() => published = new Lazy<Task>(PublishAsync);

    public async Task<string> FolderAsync()
    {
        await published.Value;
        return folder;
    }

    /// <summary>Starts its executable as a host does, which knows no 'dotnet'.</summary>
    public async Task<ChildProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        return Launch(await FolderAsync(), settings);
    }

    /// <summary>As <see cref="StartAsync"/>, from another published folder.</summary>
    public static ChildProcess Launch(string root, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(settings) { ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) };
        return new ChildProcess(Path.Combine(root, "dweb-functions"), [], root, environment);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task PublishAsync()
    {
        string[] arguments = ["publish", "functions", "-c", "Release", "--no-build", "-o", folder, "-nodeReuse:false", "-p:PublishReadyToRun=false"];
        await using var publish = new ChildProcess("dotnet", arguments, Repository.Root);
        Assert.True(await publish.WaitForExitAsync(CancellationToken.None) == 0, publish.Output);
    }
}
