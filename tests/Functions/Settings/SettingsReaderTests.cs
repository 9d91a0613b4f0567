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
    [InlineData("Dweb__HeartbeatMs", "0")]
    [InlineData("Dweb__HeartbeatMs", "ten")]
    [InlineData("Dweb__MinSettleWei", "-1")]
    [InlineData("Dweb__MinSettleWei", "1.5")]
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

    private ControlPlaneSettings Read(Dictionary<string, string?> changes)
    {
        var values = new Dictionary<string, string?>
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
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }

        var settings = values.Select(static v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), v.Value));
        return new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).Read();
    }
}
