using System.Text.Json.Nodes;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Tests.Keystores;

public sealed class KeystoreTests
{
    private const string PublishedSecret = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    private const string PublishedPbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private const string PublishedScrypt = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    [Theory]
    [InlineData(PublishedPbkdf2)]
    [InlineData(PublishedScrypt)]
    public void The_published_keystores_open(string json) =>
        Assert.Equal(PublishedSecret, Convert.ToHexStringLower(KeystoreV3.Decrypt(json, "testpassword").ExportBytes()));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 3)]
    [InlineData(32_768, 1)]
    public void Our_scrypt_for_small_blocks_agrees_with_BouncyCastles(int n, int p)
    {
        byte[] secret = [1, 2, 3];
        byte[] salt = [4, 5, 6, 7];
        Assert.Equal(Org.BouncyCastle.Crypto.Generators.SCrypt.Generate(secret, salt, n, 1, p, 64), SmallBlockScrypt.Generate(secret, salt, n, p, 64));
    }

    [Fact]
    public void Our_scrypt_gives_the_first_vector_of_RFC_7914() => Assert.StartsWith(
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442",
        Convert.ToHexStringLower(SmallBlockScrypt.Generate([], [], n: 16, p: 1, length: 64)),
        StringComparison.Ordinal);

    [Fact]
    public void What_was_encrypted_decrypts_with_its_password_only()
    {
        var key = PrivateKey.Create();
        string json = KeystoreV3.Encrypt(key, "pass wörd", KeystoreStrength.Light);
        Assert.Equal(key.Address, KeystoreV3.Decrypt(json, "pass wörd").Address);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.ExportBytes()), json, StringComparison.OrdinalIgnoreCase);

        var refused = Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(json, "pass word"));
        Assert.Equal(KeystoreFault.WrongPassword, refused.Fault);
    }

    [Fact]
    public void A_changed_ciphertext_is_noticed()
    {
        var root = JsonNode.Parse(KeystoreV3.Encrypt(PrivateKey.Create(), "p", KeystoreStrength.Light))!;
        string text = root["crypto"]!["ciphertext"]!.GetValue<string>();
        root["crypto"]!["ciphertext"] = (text[0] == '0' ? '1' : '0') + text[1..];
        Assert.Equal(KeystoreFault.WrongPassword, Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(root.ToJsonString(), "p")).Fault);
    }

    [Theory]
    [InlineData("", KeystoreFault.Malformed)]
    [InlineData("null", KeystoreFault.Malformed)]
    [InlineData("[]", KeystoreFault.Malformed)]
    [InlineData("""{"version":3}""", KeystoreFault.Malformed)]
    [InlineData("""{"version":1,"crypto":{}}""", KeystoreFault.Unsupported)]
    [InlineData("""{"version":3,"crypto":{"cipher":"aes-256-gcm"}}""", KeystoreFault.Unsupported)]
    public void A_text_that_is_no_keystore_is_refused_with_its_fault(string json, KeystoreFault fault) =>
        Assert.Equal(fault, Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(json, "p")).Fault);

    [Theory]
    [InlineData("n", 3)]
    [InlineData("n", 1 << 24)]
    [InlineData("r", 0)]
    [InlineData("r", 1 << 20)]
    [InlineData("p", 1_000_000)]
    [InlineData("dklen", 16)]
    public void Parameters_that_would_take_too_much_or_too_little_are_refused_before_the_work(string name, int value)
    {
        var root = JsonNode.Parse(KeystoreV3.Encrypt(PrivateKey.Create(), "p", KeystoreStrength.Light))!;
        root["crypto"]!["kdfparams"]![name] = value;
        Assert.Equal(KeystoreFault.Malformed, Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(root.ToJsonString(), "p")).Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(1 << 21)]
    public void A_strength_that_scrypt_does_not_know_is_refused(int n) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KeystoreV3.Encrypt(PrivateKey.Create(), "p", new KeystoreStrength(n)));
}
