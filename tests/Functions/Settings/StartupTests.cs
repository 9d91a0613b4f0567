using System.Globalization;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Settings;

/// <summary>Each failure to start says what, where, and what to do, on two lines, and exits with 1.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class StartupTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Nobody => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}");

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_chain_that_does_not_answer()
    {
        await stack.ReadyAsync();
        string nobody = Nobody;
        await FailsAsync(With(("Dweb__RpcUrl", nobody)), nobody, "Check the endpoint");
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_storage_that_does_not_answer()
    {
        await stack.ReadyAsync();
        string nobody = Nobody;
        string connection = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint={nobody}/a;QueueEndpoint={nobody}/a;BlobEndpoint={nobody}/a;";
        await FailsAsync(With(("AzureWebJobsStorage", connection)), nobody, "AzureWebJobsStorage");
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_storage_that_is_another_server()
    {
        await stack.ReadyAsync();
        string chain = stack.Chain.Endpoint.GetLeftPart(UriPartial.Authority);
        string storage = stack.SettingsWith()["AzureWebJobsStorage"];
        string connection = string.Join(';', storage.Split(';').Select(part => part.StartsWith("QueueEndpoint=", StringComparison.Ordinal) ? $"QueueEndpoint={chain}/a" : part));
        await FailsAsync(With(("AzureWebJobsStorage", connection)), $"{chain} answers 4", "AzureWebJobsStorage");
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Contracts_that_are_not_on_this_chain()
    {
        await stack.ReadyAsync();
        string file = Path.GetTempFileName();
        string original = await File.ReadAllTextAsync(stack.Chain.DeploymentFilePath, Cancel);
        await File.WriteAllTextAsync(file, original.Replace("31337", "31338", StringComparison.Ordinal), Cancel);
        await FailsAsync(With(("Dweb__DeploymentFile", file)), "31338", "Check the chain id");
        await File.WriteAllTextAsync(
            file, original.Replace(stack.Chain.Addresses.LeaseBook.ToString(), Chain.Signing.PrivateKey.Create().Address.ToString(), StringComparison.Ordinal), Cancel);
        await FailsAsync(With(("Dweb__DeploymentFile", file)), "no contract", "Check the contract addresses");
        File.Delete(file);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_port_that_is_taken()
    {
        await stack.ReadyAsync();
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-second-").FullName;
        await FailsAsync(
            stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data)), stack.Plane.Address.Authority, "another port");
        Directory.Delete(data, recursive: true);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_wrong_password_and_a_key_that_may_not_schedule()
    {
        await stack.ReadyAsync();
        string wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(wrong, "wrong", Cancel);
        await FailsAsync(With(("Dweb__SchedulerPasswordFile", wrong)), "Dweb__SchedulerKeystore", "password");
        string gas = stack.SettingsWith()["Dweb__GasKeystores"].Split(':')[0];
        await FailsAsync(With(("Dweb__SchedulerKeystore", gas)), "committee", "Correct the named setting");
        File.Delete(wrong);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_role_that_there_is_not_and_a_member_without_its_key()
    {
        await stack.ReadyAsync();
        await FailsAsync(With(), "--role is 'judge'", "Correct the named setting", "--role", "judge");
        await FailsAsync(With(("Dweb__SchedulerKeystore", "nowhere.json")), "nowhere.json", "Correct the named setting", "--role", "scheduler");
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_setting_outside_its_range()
    {
        await stack.ReadyAsync();
        await FailsAsync(With(("Dweb__HeartbeatMs", "7")), "Dweb__HeartbeatMs", "Correct the named setting");
    }

    /// <summary>Settings of a second control plane, at an address that is free.</summary>
    private Dictionary<string, string> With(params (string Name, string Value)[] changes) => stack.SettingsWith([("Dweb__ListenUrl", Nobody), .. changes]);

    private static async Task FailsAsync(IReadOnlyDictionary<string, string> settings, string what, string hint, params string[] arguments)
    {
        await using var process = ControlPlane.Launch(settings, arguments);
        Assert.Equal(1, await process.WaitForExitAsync(Cancel));
        string[] lines = process.Output.Split('\n');
        Assert.Contains(what, Assert.Single(lines, static line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(hint, Assert.Single(lines, static line => line.StartsWith("hint: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }
}
