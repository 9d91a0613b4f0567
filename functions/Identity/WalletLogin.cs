using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Dweb.Chain.Siwe;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Identity;

/// <summary>
/// Login by wallet (EIP-4361). The nonce carries its own time and proof, so that nothing is kept for those who never come back; one that was used
/// is remembered until it is out of date.
/// </summary>
internal sealed class WalletLogin(ServerKey key, LoginTokens tokens, ControlPlaneSettings settings, ChainContracts contracts, TimeProvider time)
{
    private const string Purpose = "login-nonce";
    private const int RandomDigits = 16;
    private const int ProofDigits = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> used = new(StringComparer.Ordinal);

    public ChallengeResponse Challenge(EvmAddress wallet)
    {
        var now = time.GetUtcNow();
        var message = new SiweMessage
        {
            Domain = settings.ListenUrl.Authority,
            Address = wallet,
            Statement = "Read what belongs to this wallet. Nothing is paid and nothing is moved.",
            Uri = settings.ListenUrl.ToString(),
            ChainId = contracts.Addresses.ChainId,
            Nonce = CreateNonce(now),
            IssuedAt = SiweTime.From(now),
            ExpirationTime = SiweTime.From(now + Validity),
        };
        return new ChallengeResponse(message.Format());
    }

    /// <exception cref="DwebException">The message is not one that was asked for here, or another wallet signed it.</exception>
    public LoginResponse Login(LoginRequest request)
    {
        var message = Parse(request.Message);
        if (message.ChainId != contracts.Addresses.ChainId)
        {
            throw new DwebException(Catalogue.WrongChain, $"The message is for chain {message.ChainId}; this is chain {contracts.Addresses.ChainId}.", "message");
        }

        var verdict = message.Verify(request.Signature, settings.ListenUrl.Authority, message.Nonce, time.GetUtcNow());
        if (verdict != SiweVerdict.Valid)
        {
            throw new DwebException(Catalogue.Unauthorised, $"The login was refused: {verdict}.", verdict == SiweVerdict.WrongSignature ? "signature" : "message");
        }

        TakeNonce(message.Nonce);
        var (token, expires) = tokens.Create(message.Address);
        return new LoginResponse(token, expires);
    }

    private static SiweMessage Parse(string text)
    {
        try
        {
            return SiweMessage.Parse(text);
        }
        catch (SiweException malformed)
        {
            throw new DwebException(Catalogue.InvalidValue, malformed.Message, "message", malformed);
        }
    }

    private string CreateNonce(DateTimeOffset now)
    {
        string random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        string expires = (now + Validity).ToUnixTimeSeconds().ToString("D12", CultureInfo.InvariantCulture);
        return random + expires + ProofOf(random + expires);
    }

    private void TakeNonce(string nonce)
    {
        int proofAt = nonce.Length - ProofDigits;
        if (proofAt <= RandomDigits || nonce[proofAt..] != ProofOf(nonce[..proofAt]))
        {
            throw new DwebException(Catalogue.Unauthorised, "The nonce was not given out here.", "message");
        }

        var now = time.GetUtcNow();
        foreach (var (old, until) in used)
        {
            if (until < now)
            {
                used.TryRemove(old, out _);
            }
        }

        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(nonce[RandomDigits..proofAt], CultureInfo.InvariantCulture));
        if (expires < now || !used.TryAdd(nonce, expires))
        {
            throw new DwebException(Catalogue.Unauthorised, "The nonce was used before, or is out of date.", "message");
        }
    }

    private string ProofOf(string text) => Convert.ToHexStringLower(key.Sign(Purpose, text))[..ProofDigits];
}
