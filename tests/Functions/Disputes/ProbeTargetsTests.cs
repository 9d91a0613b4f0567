using Dweb.Functions.Disputes;

namespace Dweb.Functions.Tests.Disputes;

public sealed class ProbeTargetsTests
{
    [Theory]
    [InlineData("http://203.0.113.7:32768", "http://203.0.113.7:32768/")]
    [InlineData("http://203.0.113.7:32768/admin?delete=all#now", "http://203.0.113.7:32768/")]
    [InlineData("http://203.0.113.7", "http://203.0.113.7/")]
    [InlineData("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080/")]
    public void Of_an_address_that_everybody_can_reach_the_root_is_asked(string reported, string asked) =>
        Assert.Equal([asked], ProbeTargets.Of([reported], privateToo: false).Select(static url => url.AbsoluteUri));

    [Theory]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("http://2130706433:80")]
    [InlineData("http://0x7f.1:80")]
    [InlineData("http://[::1]:80")]
    [InlineData("http://[::ffff:127.0.0.1]:80")]
    [InlineData("http://10.1.2.3:80")]
    [InlineData("http://172.31.255.255:80")]
    [InlineData("http://192.168.0.1:80")]
    [InlineData("http://100.64.0.1:80")]
    [InlineData("http://[fd00::1]:80")]
    public void An_address_of_this_machine_or_of_a_private_network_is_asked_only_where_the_operator_says_so(string reported)
    {
        Assert.Empty(ProbeTargets.Of([reported], privateToo: false));
        Assert.Single(ProbeTargets.Of([reported], privateToo: true));
    }

    [Theory]
    [InlineData("http://169.254.169.254:80")]
    [InlineData("http://[::ffff:169.254.169.254]:80")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]:80")]
    [InlineData("http://[2002:a9fe:a9fe::1]:80")]
    [InlineData("http://[fe80::1]:80")]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://[::]:80")]
    [InlineData("http://224.0.0.1:80")]
    [InlineData("http://255.255.255.255:80")]
    [InlineData("http://localhost:80")]
    [InlineData("http://metadata.internal:80")]
    [InlineData("https://203.0.113.7:80")]
    [InlineData("ftp://203.0.113.7:80")]
    [InlineData("http://someone:secret@203.0.113.7:80")]
    [InlineData("http://203.0.113.7:99999")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void Names_other_schemes_and_addresses_that_are_nobodys_own_are_never_asked(string reported) =>
        Assert.Empty(ProbeTargets.Of([reported], privateToo: true));

    [Fact]
    public void An_agent_that_names_many_addresses_has_few_of_them_asked()
    {
        var reported = Enumerable.Range(1, 100).Select(static port => $"http://203.0.113.7:{port}").ToList();
        Assert.Equal(ProbeTargets.Most, ProbeTargets.Of(reported, privateToo: false).Count);
        Assert.Single(ProbeTargets.Of(["http://203.0.113.7:80/a", "http://203.0.113.7/b"], privateToo: false));
    }
}
