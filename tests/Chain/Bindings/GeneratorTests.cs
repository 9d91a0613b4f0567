using System.Collections.Immutable;
using Dweb.Chain.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Dweb.Chain.Tests.Bindings;

/// <summary>The generator over ABIs made here: what a changed contract does to the code that uses it.</summary>
public sealed class GeneratorTests
{
    private const string Vault = """
        {"contractName":"Vault","abi":[
          {"type":"function","name":"balanceOf","stateMutability":"view","inputs":[{"name":"user","type":"address"}],"outputs":[{"name":"","type":"uint256"}]},
          {"type":"function","name":"put","stateMutability":"nonpayable","inputs":[{"name":"order","type":"tuple","internalType":"struct IVault.Parcel",
            "components":[{"name":"id","type":"bytes32"},{"name":"amount","type":"uint64"}]}],"outputs":[]},
          {"type":"event","name":"Put","inputs":[{"name":"id","type":"bytes32","indexed":true},{"name":"amount","type":"uint64","indexed":false}]},
          {"type":"error","name":"TooSmall","inputs":[{"name":"amount","type":"uint64"}]}]}
        """;

    private const string Use = """
        using System.Threading.Tasks;
        using Dweb.Chain.Contracts;
        using Dweb.Core.Protocol;
        using My.Contracts;
        static class Use
        {
            static Task<System.Numerics.BigInteger> Read(Vault vault) => vault.BalanceOfAsync(EvmAddress.Zero);
            static ContractCall Write(Vault vault) => vault.Put(new Parcel(Hash32.Zero, 5UL));
            static ulong Log(Dweb.Chain.Rpc.ChainLog log) => Vault.Events.Put.TryDecode(log, out var put) ? put.Amount : 0;
            static ulong Error(byte[] data) => My.Contracts.ContractErrors.Decode(data) is My.Contracts.ContractErrors.TooSmall e ? e.Amount : 0;
        }
        """;

    [Fact]
    public void Code_that_uses_a_contract_as_it_is_compiles() => Assert.Empty(Compile(Vault));

    [Theory]
    [InlineData("balanceOf", "balance")]
    [InlineData("\"name\":\"put\"", "\"name\":\"store\"")]
    [InlineData("\"stateMutability\":\"view\"", "\"stateMutability\":\"nonpayable\"")]
    [InlineData("\"type\":\"uint64\"}]}],\"outputs\"", "\"type\":\"string\"}]}],\"outputs\"")]
    [InlineData("\"type\":\"uint64\",\"indexed\":false", "\"type\":\"uint256\",\"indexed\":false")]
    [InlineData("TooSmall", "TooLittle")]
    [InlineData("struct IVault.Parcel", "struct IVault.Command")]
    [InlineData("\"contractName\":\"Vault\"", "\"contractName\":\"Safe\"")]
    public void A_missing_or_changed_item_breaks_the_build(string original, string changed)
    {
        string abi = Vault.Replace(original, changed, StringComparison.Ordinal);
        Assert.NotEqual(Vault, abi);
        Assert.NotEmpty(Compile(abi));
    }

    [Theory]
    [InlineData("", "Vault.json")]
    [InlineData("{", "Vault.json")]
    [InlineData("[]", "Vault.json")]
    [InlineData("""{"contractName":"A"}""", "Vault.json")]
    [InlineData("""{"contractName":"A","abi":[{"type":"function","name":"f","inputs":[{"name":"x","type":"fixed"}]}]}""", "A: ")]
    [InlineData("""{"contractName":"A","abi":[{"type":"function","name":"f","inputs":[{"name":"x","type":"tuple","components":[]}]}]}""", "Vault.json")]
    public void A_file_that_cannot_be_bound_is_an_error_that_names_it(string abi, string named) =>
        Assert.Contains(named, Assert.Single(Compile(abi), e => e.Id == "DWEB001").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Two_structs_of_one_name_and_different_shape_are_an_error()
    {
        string other = Vault.Replace("Vault", "Safe", StringComparison.Ordinal).Replace("\"name\":\"amount\"", "\"name\":\"sum\"", StringComparison.Ordinal);
        Assert.Contains(Compile(Vault, other), e => e.Id == "DWEB001" && e.ToString().Contains("Parcel", StringComparison.Ordinal));
    }

    [Fact]
    public void A_struct_and_an_error_that_two_contracts_share_are_one_record() =>
        Assert.Empty(Compile(Vault, Vault.Replace("Vault", "Safe", StringComparison.Ordinal)));

    [Fact]
    public void Names_that_C_sharp_reserves_are_usable()
    {
        const string Awkward = """
            {"contractName":"Vault","abi":[
              {"type":"function","name":"event","stateMutability":"view","inputs":[{"name":"class","type":"uint8"},{"name":"at","type":"uint8[]"},{"name":"","type":"bool"}],
               "outputs":[{"name":"equals","type":"uint8"},{"name":"","type":"int16"}]},
              {"type":"function","name":"vault","stateMutability":"payable","inputs":[{"name":"_from","type":"bytes4"}],"outputs":[]},
              {"type":"event","name":"Vault","inputs":[{"name":"vault","type":"string","indexed":true},{"name":"topic","type":"bytes","indexed":false}]},
              {"type":"event","name":"Vault","inputs":[{"name":"x","type":"uint256[2][]","indexed":false}]},
              {"type":"error","name":"Odd","inputs":[{"name":"selector","type":"address"},{"name":"odd","type":"uint256"}]},
              {"type":"error","name":"Odd","inputs":[]},
              {"type":"fallback","stateMutability":"payable"}]}
            """;
        Assert.Empty(Compile("class Nothing;", [Awkward]));
    }

    private static ImmutableArray<Diagnostic> Compile(params string[] abis) => Compile(Use, abis);

    private static ImmutableArray<Diagnostic> Compile(string code, string[] abis)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var references = trusted.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Consumer",
            [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var driver = CSharpGeneratorDriver.Create(
            [new ContractBindings().AsSourceGenerator()],
            abis.Select((text, i) => new AbiText(i == 0 ? "Vault.json" : $"Other{i}.json", text)),
            parseOptions: null,
            new ContractOptions());
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported, TestContext.Current.CancellationToken);
        return [.. reported.Concat(output.GetDiagnostics(TestContext.Current.CancellationToken)).Where(d => d.Severity == DiagnosticSeverity.Error)];
    }
}
