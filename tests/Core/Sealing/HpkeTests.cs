using CsCheck;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Sealing;

namespace Dweb.Core.Tests.Sealing;

public sealed class HpkeTests
{
    private static readonly Gen<byte[]> Keys = Gen.Byte.Array[32];
    private static readonly Gen<byte[]> Texts = Gen.Byte.Array[0, 200];

    /// <summary>RFC 9180, A.1.1: the same but for the cipher's width, of which X25519 has no vectors with 256 bits.</summary>
    [Fact]
    public void The_first_vector_of_the_rfc_comes_out()
    {
        using var sender = new SealingKeyPair(Convert.FromHexString("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"));
        using var recipient = new SealingKeyPair(Convert.FromHexString("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"));
        Assert.Equal("0x37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431", sender.PublicKey.ToString());
        Assert.Equal("0x3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d", recipient.PublicKey.ToString());

        byte[] encapsulated = sender.PublicKey.ToArray();
        byte[] shared = HpkeContext.SharedSecret(sender, recipient.PublicKey, encapsulated, recipient.PublicKey);
        Assert.Equal("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc", Convert.ToHexStringLower(shared));
        Assert.Equal(shared, HpkeContext.SharedSecret(recipient, sender.PublicKey, encapsulated, recipient.PublicKey));

        using var context = HpkeContext.Of(shared, Convert.FromHexString("4f6465206f6e2061204772656369616e2055726e"), new HpkeAead(0x0001, 16));
        Assert.Equal("4531685d41d65f03dc48f6b8302c05b0", Convert.ToHexStringLower(context.Key));
        Assert.Equal("56d890e5accaaf011cff4b7d", Convert.ToHexStringLower(context.Nonce));
        byte[] message = context.Seal("Count-0"u8, "Beauty is truth, truth beauty"u8);
        Assert.Equal("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a", Convert.ToHexStringLower(message));
        Assert.Equal("Beauty is truth, truth beauty"u8.ToArray(), context.Open("Count-0"u8, message));
    }

    [Fact]
    public void The_recipient_opens_what_was_sealed_and_nobody_else() => Gen.Select(Keys, Keys, Keys, Texts, Texts, Texts).Sample((own, other, ephemeral, info, associated, text) =>
    {
        using var recipient = new SealingKeyPair(own);
        using var stranger = new SealingKeyPair(other);
        byte[] message = Hpke.Seal(recipient.PublicKey, ephemeral, info, associated, text);
        Assert.Equal(text.Length + Hpke.Overhead, message.Length);
        Assert.Equal(text, Hpke.Open(recipient, message, info, associated));
        if (stranger.PublicKey != recipient.PublicKey)
        {
            Assert.Null(Hpke.Open(stranger, message, info, associated));
        }

        Assert.Null(Hpke.Open(recipient, message, [.. info, 0], associated));
        Assert.Null(Hpke.Open(recipient, message, info, [.. associated, 0]));
    }, iter: 100);

    [Fact]
    public void A_message_that_was_changed_anywhere_or_cut_is_not_opened() => Gen.Select(Keys, Keys, Texts, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((own, ephemeral, text, at, bit) =>
    {
        using var recipient = new SealingKeyPair(own);
        byte[] message = Hpke.Seal(recipient.PublicKey, ephemeral, "info"u8, "data"u8, text);
        byte[] changed = [.. message];

        // The highest bit of an X25519 key means nothing (RFC 7748, section 5), but the key is hashed as it was written.
        changed[at % changed.Length] ^= (byte)(1 << bit);
        Assert.Null(Hpke.Open(recipient, changed, "info"u8, "data"u8));
        Assert.Null(Hpke.Open(recipient, message.AsSpan(..(at % message.Length)), "info"u8, "data"u8));
    }, iter: 200);

    [Fact]
    public void A_key_that_everybody_agrees_on_the_same_with_is_refused()
    {
        using var own = new SealingKeyPair(new byte[32]);
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => Hpke.Seal(Hash32.Zero, new byte[32], [], [], []));
        Assert.Null(Hpke.Open(own, new byte[Hpke.Overhead], [], []));
    }

    [Fact]
    public void An_agents_sealing_key_follows_from_its_key_and_does_not_show_it() => Keys.Sample(key =>
    {
        using var once = SealingKeyPair.OfAgent(key);
        using var again = SealingKeyPair.OfAgent(key);
        using var direct = new SealingKeyPair(key);
        Assert.Equal(once.PublicKey, again.PublicKey);
        Assert.NotEqual(direct.PublicKey, once.PublicKey);
        Assert.DoesNotContain(Convert.ToHexStringLower(key), once.ToString(), StringComparison.OrdinalIgnoreCase);
    }, iter: 50);
}
