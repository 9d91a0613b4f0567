using Dweb.Core.Protocol;
using Dweb.Functions.Registry;

namespace Dweb.Functions.Tests.Registry;

public sealed class RegistryScopeTests
{
    private static readonly EvmAddress Wallet = EvmAddress.Parse("0x00000000000000000000000000000000000000aa");

    [Fact]
    public void Anybody_may_pull_and_nobody_else_may_push()
    {
        var asked = RegistryScope.ParseAll(["repository:team/app:pull,push"]);
        Assert.Equal(["pull"], Assert.Single(RegistryTokens.Grant(null, asked)).Actions);
        Assert.Equal(["pull", "push"], Assert.Single(RegistryTokens.Grant(Wallet, asked)).Actions);
    }

    [Theory]
    [InlineData("registry:catalog:*")]
    [InlineData("repository:team/app:delete")]
    [InlineData("repository:team/app:*")]
    [InlineData("nonsense")]
    [InlineData("::")]
    [InlineData("")]
    public void What_is_not_pull_or_push_of_a_repository_is_granted_to_nobody(string scope) =>
        Assert.Empty(RegistryTokens.Grant(Wallet, RegistryScope.ParseAll([scope])));

    [Fact]
    public void Several_scopes_come_as_several_values_or_as_one_text()
    {
        string[] expected = ["a", "b", "host:5000/c"];
        Assert.Equal(expected, RegistryScope.ParseAll(["repository:a:pull repository:b:pull", "repository:host:5000/c:pull"]).Select(static s => s.Name));
    }
}
