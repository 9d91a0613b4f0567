using System.Text.Json.Nodes;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Settings;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SettingsFileTests()
    {
        foreach (string name in (string[])["deployment.json", "key.json", "password"])
        {
            File.WriteAllText(folder.File(name), "");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Settings_are_read_and_paths_are_relative_to_their_file()
    {
        var settings = Parse(Valid());
        Assert.Equal([new Uri("http://127.0.0.1:7071")], settings.ControlPlanes);
        Assert.Equal(folder.File("key.json"), settings.Keystore);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.UsageInterval);
        Assert.Null(settings.Heartbeat);
        Assert.Empty(settings.Members);
    }

    [Fact]
    public void Scheduler_members_are_as_many_as_are_named()
    {
        var json = Valid();
        json["members"] = new JsonArray("http://127.0.0.1:1", "https://member.example");
        Assert.Equal([new Uri("http://127.0.0.1:1"), new Uri("https://member.example")], Parse(json).Members);
    }

    [Fact]
    public void Several_control_planes_are_named_in_a_list_instead_of_the_one()
    {
        var json = Valid();
        json.Remove("controlPlane");
        json["controlPlanes"] = new JsonArray("http://127.0.0.1:1", "https://plane.example");
        Assert.Equal([new Uri("http://127.0.0.1:1"), new Uri("https://plane.example")], Parse(json).ControlPlanes);
    }

    [Fact]
    public void One_control_plane_and_a_list_of_them_are_not_given_together()
    {
        var json = Valid();
        json["controlPlanes"] = new JsonArray("http://127.0.0.1:1");
        string problem = Assert.Single(Assert.Throws<SettingsException>(() => Parse(json)).Problems);
        Assert.Contains("beside controlPlane", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"http://a\", \"http://a/\"]")]
    [InlineData("[\"ftp://a\"]")]
    [InlineData("\"http://a\"")]
    public void A_list_of_control_planes_that_is_not_right_is_refused_as_a_whole(string value)
    {
        var json = Valid();
        json.Remove("controlPlane");
        json["controlPlanes"] = JsonNode.Parse(value);
        string problem = Assert.Single(Assert.Throws<SettingsException>(() => Parse(json)).Problems);
        Assert.StartsWith("controlPlanes:", problem, StringComparison.Ordinal);
        Assert.Contains("each once", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("controlPlane", "\"ftp://x\"", "http")]
    [InlineData("controlPlane", "null", "is missing")]
    [InlineData("rpcUrls", "[]", "at least one")]
    [InlineData("rpcUrls", "[\"x\"]", "\"x\"")]
    [InlineData("members", "[\"x\"]", "\"x\"")]
    [InlineData("members", "\"http://x\"", "list of http")]
    [InlineData("chainId", "0", "from 1")]
    [InlineData("coe", "\"0x12\"", "64 hexadecimal")]
    [InlineData("keystore", "\"nowhere.json\"", "does not exist")]
    [InlineData("engine", "\"npipe://x\"", "unix:///")]
    [InlineData("runtime", "\"Docker\"", "docker, podman")]
    [InlineData("runtime", "7", "docker, podman")]
    [InlineData("registry", "\"http://x/\"", "without scheme")]
    [InlineData("publicAddress", "\"home\"", "IP address")]
    [InlineData("publicAddress", "\"0.0.0.0\"", "not a wildcard")]
    [InlineData("usageIntervalMs", "499", "from 500 to 3600000")]
    [InlineData("usageIntervalMs", "\"2000\"", "whole number")]
    [InlineData("heartbeatMs", "199", "from 200")]
    [InlineData("coe", "null", "is missing")]
    public void A_wrong_setting_is_named_with_its_value_and_range(string name, string value, string expected)
    {
        var json = Valid();
        json[name] = JsonNode.Parse(value);
        string problem = Assert.Single(Assert.Throws<SettingsException>(() => Parse(json)).Problems);
        Assert.StartsWith(name + ":", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, nameof(RuntimeKind.Docker), "/var/run/docker.sock")]
    [InlineData("docker", nameof(RuntimeKind.Docker), "/var/run/docker.sock")]
    [InlineData("podman", nameof(RuntimeKind.Podman), "/run/podman/podman.sock")]
    public void A_runtime_is_looked_for_where_its_package_has_it_listen(string? name, string kind, string path)
    {
        var json = Valid();
        json["runtime"] = name;
        json["engine"] = null;
        var settings = Parse(json);
        Assert.Equal((kind, path), (settings.Runtime.ToString(), settings.Engine.LocalPath));
        json["engine"] = "unix:///elsewhere.sock";
        Assert.Equal("/elsewhere.sock", Parse(json).Engine.LocalPath);
    }

    [Fact]
    public void Every_wrong_setting_is_told_at_once_and_unknown_ones_too()
    {
        var json = Valid();
        json["chainId"] = -1;
        json["engine"] = 7;
        json["chainID"] = 31337;
        Assert.Equal(3, Assert.Throws<SettingsException>(() => Parse(json)).Problems.Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public void A_file_that_is_no_object_is_refused(string text) =>
        Assert.Contains("agent.json", Assert.Throws<SettingsException>(() => SettingsFile.Parse(text, folder.File("agent.json"))).Problems[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:5000", "http")]
    [InlineData("localhost:5000", "http")]
    [InlineData("registry.example", "https")]
    [InlineData("10.0.0.1:5000", "https")]
    public void A_registry_is_reached_without_encryption_on_loopback_only(string text, string scheme)
    {
        Assert.True(RegistryAddress.TryParse(text, out var address));
        Assert.Equal(scheme, address.BaseUri.Scheme);
    }

    private AgentSettings Parse(JsonObject json) => SettingsFile.Parse(json.ToJsonString(), folder.File("agent.json"));

    private static JsonObject Valid() => new()
    {
        ["controlPlane"] = "http://127.0.0.1:7071",
        ["rpcUrls"] = new JsonArray("http://127.0.0.1:8545"),
        ["chainId"] = 31337,
        ["deploymentFile"] = "deployment.json",
        ["coe"] = Given.Coe.ToString(),
        ["keystore"] = "key.json",
        ["passwordFile"] = "password",
        ["dataFolder"] = "data",
        ["engine"] = "unix:///var/run/docker.sock",
        ["registry"] = "127.0.0.1:5000",
        ["publicAddress"] = "127.0.0.1",
        ["usageIntervalMs"] = 2000,
        ["heartbeatMs"] = null,
    };
}
