using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace Dweb.Functions.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Complete_settings_are_read_with_defaults_for_the_rest()
    {
        var settings = Read([]);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.Heartbeat);
        Assert.Null(settings.MinSettleWei);
        Assert.Null(settings.CustomHandlerPort);
        Assert.Equal(("dweb-registry", "dweb"), (settings.Registry.Service, settings.Registry.Issuer));
        Assert.Equal(2, settings.Keystores.Gas.Count);
        Assert.Equal(new FeeSettings(500_000_000_000, TimeSpan.FromSeconds(30)), settings.Fees);
        Assert.Equal(new SettlementSettings(15_000_000, TimeSpan.FromMinutes(15)), settings.Settlement);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage", null)]
    [InlineData("Dweb__RpcUrl", null)]
    [InlineData("Dweb__RpcUrl", "ftp://somewhere")]
    [InlineData("Dweb__ListenUrl", "7071")]
    [InlineData("Dweb__DeploymentFile", "nowhere.json")]
    [InlineData("Dweb__GasKeystores", "nowhere.json")]
    [InlineData("Dweb__Members", "127.0.0.1:1")]
    [InlineData("Dweb__HeartbeatMs", "0")]
    [InlineData("Dweb__HeartbeatMs", "ten")]
    [InlineData("Dweb__MinSettleWei", "-1")]
    [InlineData("Dweb__MinSettleWei", "1.5")]
    [InlineData("Dweb__ProbePrivateAddresses", "perhaps")]
    [InlineData("Dweb__MaxFeePerGasWei", "cheap")]
    [InlineData("Dweb__FeeBumpSeconds", "0")]
    [InlineData("Dweb__SettlementGas", "16777217")]
    [InlineData("Dweb__QuarantineSeconds", "-1")]
    [InlineData("FUNCTIONS_CUSTOMHANDLER_PORT", "70000")]
    public void A_wrong_setting_is_named_with_its_value(string name, string? value)
    {
        var refusal = Assert.Throws<DwebException>(() => Read(new() { [name] = value }));
        Assert.Equal((Catalogue.InvalidSetting, name), (refusal.Error, refusal.Field));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value ?? "missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_other_members_sign_the_control_plane_needs_no_key()
    {
        var settings = Read(new() { ["Dweb__SchedulerKeystore"] = null, ["Dweb__SchedulerPasswordFile"] = null, ["Dweb__Members"] = "http://a:1, http://b:2" });
        Assert.Null(settings.Keystores.Scheduler);
        Assert.Equal([new Uri("http://a:1"), new Uri("http://b:2")], settings.Members);
    }

    [Fact]
    public void With_neither_a_key_nor_members_the_key_is_missing() =>
        Assert.Equal("Dweb__SchedulerKeystore", Assert.Throws<DwebException>(() => Read(new() { ["Dweb__SchedulerKeystore"] = null })).Field);

    [Fact]
    public void A_scheduler_member_needs_neither_storage_nor_registry_nor_gas()
    {
        string[] needed = ["Dweb__RpcUrl", "Dweb__DeploymentFile", "Dweb__ListenUrl", "Dweb__SchedulerKeystore", "Dweb__SchedulerPasswordFile"];
        var read = ReaderOf(Complete().Where(setting => needed.Contains(setting.Key)).ToDictionary()).ReadMember();
        Assert.Equal((file, TimeSpan.FromSeconds(10)), (read.Keystore.Path, read.Heartbeat));
        Assert.All(needed, name => Assert.Equal(
            name, Assert.Throws<DwebException>(() => ReaderOf(Complete().Where(setting => setting.Key != name).ToDictionary()).ReadMember()).Field));
    }

    private ControlPlaneSettings Read(Dictionary<string, string?> changes)
    {
        var values = Complete();
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }

        return ReaderOf(values).Read();
    }

    private Dictionary<string, string?> Complete() => new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Dweb__RpcUrl"] = "http://127.0.0.1:8545",
        ["Dweb__DeploymentFile"] = file,
        ["Dweb__ListenUrl"] = "http://127.0.0.1:7071",
        ["Dweb__SchedulerKeystore"] = file,
        ["Dweb__SchedulerPasswordFile"] = file,
        ["Dweb__GasKeystores"] = $"{file}:{file}",
        ["Dweb__GasPasswordFile"] = file,
        ["Dweb__RegistryUrl"] = "http://127.0.0.1:5000",
        ["Dweb__DataFolder"] = "data",
    };

    private static SettingsReader ReaderOf(Dictionary<string, string?> values)
    {
        var settings = values.Select(static v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), v.Value));
        return new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }
}
