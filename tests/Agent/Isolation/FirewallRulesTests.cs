using System.Net;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Isolation;

public sealed class FirewallRulesTests
{
    private static readonly Hash32 Coe = Keccak256.Hash("coe");

    [Theory]
    [InlineData("10.64.0.0/16")]
    [InlineData("10.64.0.0/26")]
    [Trait("Category", "Integration")]
    public async Task The_kernel_takes_the_rules_of_the_widest_and_of_the_narrowest_range(string text)
    {
        Assert.True(AddressRange.TryParse(text, out var range));
        foreach (IReadOnlyList<IPAddress> servers in (IReadOnlyList<IPAddress>[])[[], [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("1.1.1.1")]])
        {
            await HostTool.RunAsync("nft", ["--check", "-f", "-"], FirewallRules.Render(Coe, range, servers), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Names_of_interfaces_fit_the_kernel_and_tell_agents_of_one_machine_apart()
    {
        Assert.True(AddressRange.TryParse("10.64.0.0/16", out var range));
        var last = NetworkPlan.Of(Coe, range, range.Count - 1);
        Assert.InRange(last.Bridge.Length, 1, 15);
        Assert.True(NetworkPlan.TryReadSlot(Coe, last.Name, out int slot));
        Assert.Equal(range.Count - 1, slot);
        var other = Keccak256.Hash("other coe");
        Assert.False(NetworkPlan.TryReadSlot(other, last.Name, out _));
        Assert.NotEqual(FirewallRules.TableName(Coe), FirewallRules.TableName(other));
        Assert.False(last.Bridge.StartsWith(NetworkPlan.BridgePrefix(other), StringComparison.Ordinal));
    }
}
