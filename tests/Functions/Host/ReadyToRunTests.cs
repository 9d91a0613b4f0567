using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Host;

/// <summary>What people publish, by the very command that they are told. Compiling ahead takes about a minute.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class ReadyToRunTests(TestStack stack)
{
    private static readonly string[] NeededByAStart = ["dweb-functions", "Dweb.Core", "Dweb.Chain", "Dweb.Durable", "Azure.Core", "Azure.Data.Tables", "BouncyCastle.Cryptography"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true, Timeout = 2 * TestStack.PatienceMs)]
    public async Task The_manuals_one_command_publishes_a_program_that_is_compiled_ahead_and_answers_a_host()
    {
        await stack.ReadyAsync();
        string folder = Directory.CreateTempSubdirectory("dweb-ready-").FullName;
        string manual = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), Cancel);
        string command = Regex.Match(manual, "(?<=dotnet )publish functions [^`]*-o(?= out`)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)).Value;
        Assert.NotEmpty(command);
        await using (var publish = new ChildProcess("dotnet", [.. command.Split(' '), folder], Repository.Root))
        {
            Assert.True(await publish.WaitForExitAsync(Cancel) == 0, publish.Output);
        }

        Assert.All(NeededByAStart, name => Assert.True(IsCompiledAhead(Path.Combine(folder, name + ".dll")), name));
        await AnswersAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    private async Task AnswersAsync(string folder)
    {
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-ready-").FullName;
        var settings = stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data));
        await using var host = new HostDouble(new Uri($"http://127.0.0.1:{FreePorts.One()}"), storage.ConnectionString, settings);
        await host.StartAsync(Cancel);
        await using (var handler = PublishedApp.Launch(folder, host.Settings))
        {
            await handler.WaitForPortAsync(host.HandlerPort, Cancel);
            await host.TellKeyAsync(Cancel);
        }

        Directory.Delete(data, recursive: true);
    }

    private static bool IsCompiledAhead(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
