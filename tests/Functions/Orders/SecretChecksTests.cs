using System.Security.Cryptography;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Orders;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Orders;

public sealed class SecretChecksTests
{
    private static readonly SealedSecrets One = Seal("one"u8.ToArray());
    private static readonly SealedSecrets Two = Seal("two"u8.ToArray());

    [Fact]
    public void An_order_with_and_without_secrets_is_taken()
    {
        Check([null], []);
        Check([One], [One.Bundle]);
        Check([null, One, null, Two], [One.Bundle, Two.Bundle]);
    }

    [Fact]
    public void What_is_missing_too_much_or_another_is_refused_with_its_field()
    {
        AssertRefused(Catalogue.SecretsMismatch, "bundles[0]", () => Check([One], []));
        AssertRefused(Catalogue.SecretsMismatch, "bundles[1]", () => Check([One, Two], [One.Bundle]));
        AssertRefused(Catalogue.SecretsMismatch, "bundles[0]", () => Check([One, Two], [Two.Bundle, One.Bundle]));
        AssertRefused(Catalogue.SecretsMismatch, "bundles[0]", () => Check([One], [[.. One.Bundle, 0]]));
        AssertRefused(Catalogue.InvalidValue, "bundles[1]", () => Check([One], [One.Bundle, Two.Bundle]));
        AssertRefused(Catalogue.InvalidValue, "bundles[0]", () => Check([null], [One.Bundle]));
    }

    [Fact]
    public void More_than_an_order_holds_is_refused()
    {
        var large = Seal(new byte[SecretsSpec.MostBytes]);
        Check([large], [large.Bundle]);
        AssertRefused(Catalogue.SecretsTooLarge, "bundles", () => Check([large, large], [large.Bundle, large.Bundle]));
    }

    [Fact]
    public void A_service_is_confined_to_those_who_can_open_its_secrets_and_no_other_is_confined()
    {
        AssertRefused(Catalogue.InvalidValue, "order.services[0].placementHash", () => Check([One], [One.Bundle], static service => service with { PlacementHash = Hash32.Zero }));
        AssertRefused(Catalogue.InvalidValue, "order.services[0].placementHash", () => Check([null], [], static service => service with { PlacementHash = Keccak256.Hash("other") }));
    }

    private static void Check(IReadOnlyList<SealedSecrets?> secrets, IReadOnlyList<byte[]> bundles, Func<Service, Service>? change = null)
    {
        var specs = secrets.Select(static one => Market.SpecOf(Keccak256.Hash("image")) with { Secrets = one?.Spec }).ToList();
        Service[] services =
        [
            .. specs.Select(spec => new Service(spec.ImageDigest, spec.Hash(), 1, default, default, 0, 0, spec.Secrets is { } used ? PlacementPreferences.Of(used.Coes).Hash() : Hash32.Zero))
                .Select(change ?? (static service => service)),
        ];
        SecretChecks.Require(new Order(EvmAddress.Zero, services, 1, 1, 1, 1, 1, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero), specs, bundles);
    }

    private static SealedSecrets Seal(byte[] content)
    {
        using var pair = new Core.Protocol.Sealing.SealingKeyPair(new byte[32]);
        return SealedSecrets.Seal(new Dictionary<string, byte[]> { ["a"] = content }, [new SecretHost(Keccak256.Hash("coe"), pair.PublicKey)], RandomNumberGenerator.GetBytes);
    }

    private static void AssertRefused(ErrorCode code, string field, Action check)
    {
        var refused = Assert.Throws<DwebException>(check);
        Assert.Equal((code, field), (refused.Error, refused.Field));
    }
}
