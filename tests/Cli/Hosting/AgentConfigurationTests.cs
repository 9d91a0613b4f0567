using System.Text.Json;
using Dweb.Cli.Hosting;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Hosting;

public sealed class AgentConfigurationTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly string Deployment = Deployments.Text(31337);
    private readonly string folder = Directory.CreateTempSubdirectory("dweb host ").FullName;
    private readonly HostFiles files;
    private readonly AgentConfiguration configuration;
    private readonly AgentSettings settings;

    public AgentConfigurationTests()
    {
        files = new HostFiles(Path.Combine(folder, "etc"), Path.Combine(folder, "data"));
        configuration = new AgentConfiguration(files);
        settings = new AgentSettings(
            ["http://plane/"], [], ["http://node/"], 31337, files.Deployment, Keccak256.Hash("coe").ToString(), files.Keystore, files.Password, files.DataFolder, "docker", "unix:///run/docker.sock",
            "registry:5000", "192.0.2.1", "10.7.0.0/20");
    }

    [Fact]
    public void What_was_written_is_found_and_nobody_else_can_read_it()
    {
        Assert.Equal("done", configuration.Write(settings, Deployment, rewrite: false).State);
        Assert.Equal("found", configuration.Write(settings, Deployment, rewrite: false).State);
        Assert.Equal(Keccak256.Hash("coe"), configuration.Coe());
        Assert.All([files.Settings, files.Deployment], static file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void What_a_host_has_changed_by_hand_stays_and_is_named()
    {
        configuration.Write(settings, Deployment, rewrite: false);
        string changed = "// mine\n" + File.ReadAllText(files.Settings).Replace("http://node/", "http://own/", StringComparison.Ordinal);
        File.WriteAllText(files.Settings, changed);

        var kept = configuration.Write(settings, Deployment, rewrite: false);
        string after = File.ReadAllText(files.Settings);
        var written = configuration.Write(settings, Deployment, rewrite: true);

        Assert.Equal(("found", changed, "done"), (kept.State, after, written.State));
        Assert.Contains("rpcUrls", kept.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("members", kept.Detail, StringComparison.Ordinal);
        Assert.Equal("http://node/", JsonDocument.Parse(File.ReadAllText(files.Settings)).RootElement.GetProperty("rpcUrls")[0].GetString());
    }

    [Fact]
    public void Settings_of_before_there_was_a_choice_of_runtimes_are_the_same()
    {
        configuration.Write(settings, Deployment, rewrite: false);
        File.WriteAllText(files.Settings, File.ReadAllText(files.Settings).Replace("\"runtime\": \"docker\",", "", StringComparison.Ordinal));
        Assert.Equal(files.Settings, configuration.Write(settings, Deployment, rewrite: false).Detail);
        Assert.Contains("runtime", configuration.Write(settings with { Runtime = "podman" }, Deployment, rewrite: false).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_containers_are_read_from_what_is_there()
    {
        Assert.Equal((false, null), configuration.NetworkRange());
        configuration.Write(settings, Deployment, rewrite: false);
        Assert.Equal((true, "10.7.0.0/20"), configuration.NetworkRange());
        configuration.Write(settings with { NetworkRange = null }, Deployment, rewrite: true);
        Assert.Equal((true, null), configuration.NetworkRange());
        Assert.Equal("found", configuration.Write(settings with { NetworkRange = null }, Deployment, rewrite: false).State);
    }

    [Fact]
    public void A_deployment_file_that_is_gone_or_another_is_not_taken_for_the_same()
    {
        configuration.Write(settings, Deployment, rewrite: false);
        File.WriteAllText(files.Deployment, "{}");
        Assert.Contains("deployment.json", configuration.Write(settings, Deployment, rewrite: false).Detail, StringComparison.Ordinal);
        File.Delete(files.Deployment);
        Assert.Equal("done", configuration.Write(settings, Deployment, rewrite: true).State);
        Assert.Equal(Deployment, File.ReadAllText(files.Deployment));
    }

    [Fact]
    public void A_folder_holds_the_settings_of_one_COE()
    {
        configuration.Write(settings, Deployment, rewrite: false);

        var refusal = Assert.Throws<DwebException>(() => configuration.Write(settings with { Coe = Keccak256.Hash("other").ToString() }, Deployment, rewrite: true));

        Assert.Equal(Catalogue.InvalidSetting, refusal.Error);
    }

    [Fact]
    public void An_agent_s_key_is_made_once_and_opened_by_the_password_beside_it()
    {
        var secret = new AgentSecret(files);
        Assert.Null(secret.Find());

        var made = secret.Make();

        Assert.Equal(made.Address, secret.Find()!.Address);
        Assert.All([files.Keystore, files.Password], static file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        File.WriteAllText(files.Password, "guess");
        Assert.Equal(Catalogue.WrongPassword, Assert.Throws<DwebException>(() => secret.Find()).Error);
        File.Delete(files.Password);
        Assert.Equal(Catalogue.PasswordNeeded, Assert.Throws<DwebException>(() => secret.Find()).Error);
    }

    [Fact]
    public void A_password_that_was_written_before_its_keystore_is_used()
    {
        Directory.CreateDirectory(files.ConfigFolder);
        File.WriteAllText(files.Password, "written before\n");

        var made = new AgentSecret(files).Make();

        Assert.Equal("written before\n", File.ReadAllText(files.Password));
        Assert.Equal(made.Address, new AgentSecret(files).Find()!.Address);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
