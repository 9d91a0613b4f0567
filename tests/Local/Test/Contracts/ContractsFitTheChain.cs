using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Tests.Test.Contracts;

public sealed class ContractsFitTheChain
{
    [Theory]
    [InlineData(24_576, 49_152, 0)]
    [InlineData(24_577, 49_152, 1)]
    [InlineData(24_576, 49_153, 1)]
    [InlineData(24_577, 49_153, 2)]
    public void Code_and_creation_code_have_a_limit_each(int code, int initCode, int wrong) =>
        Assert.Equal(wrong, ContractSizes.Check("A", Artifact(code, initCode)).Count());

    [Fact]
    public void Only_what_is_deployed_has_to_fit_and_the_one_that_does_not_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.File("cache/solidity-files-cache.json", """
            {"files":{"src/Large.sol":{"artifacts":{"Large":{"0.8.37":{"product":{"path":"Large.sol/Large.json"}}}}},
                      "script/Deploy.s.sol":{"artifacts":{"Deploy":{"0.8.37":{"default":{"path":"Deploy.s.sol/Deploy.json"}}}}}}}
            """);
        folder.File("out/Large.sol/Large.json", Artifact(30_000, 31_000));
        folder.File("out/Deploy.s.sol/Deploy.json", Artifact(60_000, 61_000));
        Assert.Equal(["Large has 30000 bytes of code; EIP-170 allows 24576"], ContractSizes.TooLarge(folder.Path));
    }

    [Fact]
    public void Before_a_build_nobody_says_that_sizes_are_right()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<LocalException>(() => ContractSizes.TooLarge(folder.Path));
    }

    private static string Artifact(int code, int initCode) =>
        $"{{\"deployedBytecode\":{{\"object\":\"0x{new string('a', code * 2)}\"}},\"bytecode\":{{\"object\":\"0x{new string('a', initCode * 2)}\"}}}}";
}
