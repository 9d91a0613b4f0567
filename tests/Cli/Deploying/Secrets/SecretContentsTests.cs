using System.Text;
using Dweb.Chain.Signing;
using Dweb.Cli.Deploying;
using Dweb.Cli.Deploying.Secrets;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Deploying.Secrets;

public sealed class SecretContentsTests : IDisposable
{
    private const string File = """
        services:
          web: { image: web, secrets: [db, { source: key, target: api.key }] }
          jobs: { image: jobs, secrets: [db] }
        secrets: { db: { file: db.txt }, key: { environment: API_KEY }, unused: { file: nowhere.txt } }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("dweb secrets ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_used_secret_is_read_from_where_the_file_or_the_command_line_says()
    {
        Write("db.txt", "from the file");
        Write("other.txt", "from the command line");
        var read = Read(File);
        Assert.Equal([("db", "from the file"), ("key", "from the environment")], read.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, Encoding.UTF8.GetString(pair.Value))));
        Assert.Equal("from the command line", Encoding.UTF8.GetString(Read(File, new SecretGiven("db", Path.Combine(folder, "other.txt")))["db"]));
    }

    [Fact]
    public void What_is_missing_or_too_much_is_named()
    {
        AssertRefused(Catalogue.SecretMissing, "secrets.db", () => Read(File));
        Write("db.txt", "x");
        AssertRefused(Catalogue.SecretMissing, "secrets.key", () => Read(File, variable: null));
        AssertRefused(Catalogue.SecretMissing, "secrets.typed", () => Read("services: { web: { image: web, secrets: [typed] } }\nsecrets: { typed: }"));
        AssertRefused(Catalogue.InvalidValue, "--secret", () => Read(File, new SecretGiven("surprise", "x")));
        AssertRefused(Catalogue.InvalidValue, "--secret", () => Read(File, new SecretGiven("db", "x"), new SecretGiven("db", "y")));
    }

    [Fact]
    public void More_than_an_order_holds_is_refused_counting_a_secret_once_for_each_service()
    {
        Write("db.txt", new string('x', SecretsSpec.MostBytes + 1));
        AssertRefused(Catalogue.SecretsTooLarge, "secrets.db", () => Read(File));
        Write("db.txt", new string('x', SecretsSpec.MostBytes / 2));
        AssertRefused(Catalogue.SecretsTooLarge, "secrets", () => Read(File));
    }

    [Theory]
    [InlineData("db=db.txt", true)]
    [InlineData("db=a=b", true)]
    [InlineData("db", false)]
    [InlineData("db=", false)]
    [InlineData("=db.txt", false)]
    public void A_secret_is_typed_with_its_file(string text, bool isRead) => Assert.Equal(isRead, SecretGiven.TryParse(text, out _));

    [Fact]
    public void The_same_secrets_of_the_same_wallet_are_the_same_order_and_any_other_another()
    {
        var (alice, bob) = (PrivateKey.Parse(new string('1', 64)), PrivateKey.Parse(new string('2', 64)));
        var one = new Dictionary<string, byte[]> { ["a"] = [1], ["b"] = [2] };
        Assert.Equal(SecretFingerprint.Of(one, alice), SecretFingerprint.Of(new Dictionary<string, byte[]> { ["b"] = [2], ["a"] = [1] }, alice));
        Assert.NotEqual(SecretFingerprint.Of(one, alice), SecretFingerprint.Of(one, bob));
        Assert.NotEqual(SecretFingerprint.Of(one, alice), SecretFingerprint.Of(new Dictionary<string, byte[]> { ["a"] = [1], ["b"] = [3] }, alice));
        Assert.NotEqual(SecretFingerprint.Of(one, alice), SecretFingerprint.Of(new Dictionary<string, byte[]> { ["a"] = [2], ["b"] = [1] }, alice));
        Assert.NotEqual(SecretFingerprint.Of(one, alice), SecretFingerprint.Of(new Dictionary<string, byte[]> { ["a"] = [1] }, alice));
    }

    [Fact]
    public void The_text_that_makes_an_orders_salt_shows_nothing_of_its_secrets()
    {
        var source = new ComposeSource(ComposeFile.Parse(File, "compose.yaml"), File);
        var with = source.With(new Dictionary<string, byte[]> { ["db"] = "hunter2"u8.ToArray() }, ["south", "north"], PrivateKey.Parse(new string('1', 64)));
        Assert.StartsWith(File + "\nsecrets 0x", with.Text, StringComparison.Ordinal);
        Assert.EndsWith(" north south", with.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", with.Text, StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, byte[]> Read(string text, params SecretGiven[] given) => Read(text, "from the environment", given);

    private IReadOnlyDictionary<string, byte[]> Read(string text, string? variable, params SecretGiven[] given) =>
        SecretContents.Read(ComposeFile.Parse(text, "compose.yaml"), folder, given, name => name == "API_KEY" ? variable : null);

    private void Write(string name, string content) => System.IO.File.WriteAllText(Path.Combine(folder, name), content);

    private static void AssertRefused(ErrorCode code, string field, Action read)
    {
        var refused = Assert.Throws<DwebException>(read);
        Assert.Equal((code, field), (refused.Error, refused.Field));
    }
}
