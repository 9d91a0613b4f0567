using Dweb.Core.Protocol;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Utilities;

namespace Dweb.Chain.Signing;

/// <summary>ECDSA over secp256k1 with recoverable signatures, as the EVM's precompile reads them.</summary>
public static class Secp256k1
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);

    internal static BigInteger Order => Curve.N;

    internal static ECPoint Generator => Curve.G;

    /// <summary>
    /// The address whose key made the signature, or null: v other than 27 and 28, r or s out of range,
    /// or s in the upper half (the second form of every signature, refused so that a signature has one form).
    /// </summary>
    public static EvmAddress? Recover(Hash32 digest, EvmSignature signature)
    {
        if (signature.V is not (27 or 28))
        {
            return null;
        }

        var r = ToInteger(signature.R);
        var s = ToInteger(signature.S);
        bool inRange = r.SignValue > 0 && r.CompareTo(Order) < 0 && s.SignValue > 0 && s.CompareTo(HalfOrder) <= 0;
        return inRange && TryLift(r, signature.V == 28) is { } point ? RecoverFrom(point, r, s, digest) : null;
    }

    internal static EvmSignature Sign(BigInteger key, Hash32 digest)
    {
        var z = ToInteger(digest);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Order, key, digest.ToArray());
        while (true)
        {
            var k = nonces.NextK();
            var point = Generator.Multiply(k).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var r = x.Mod(Order);
            var s = BigIntegers.ModOddInverse(Order, k).Multiply(z.Add(r.Multiply(key))).Mod(Order);

            // x at or above the order would need recovery ids 2 and 3, which no contract accepts; its chance is 2^-127.
            if (r.SignValue == 0 || s.SignValue == 0 || x.CompareTo(Order) >= 0)
            {
                continue;
            }

            bool odd = point.AffineYCoord.TestBitZero();
            bool high = s.CompareTo(HalfOrder) > 0;
            return new EvmSignature(ToHash(r), ToHash(high ? Order.Subtract(s) : s), (byte)(odd ^ high ? 28 : 27));
        }
    }

    internal static bool IsScalar(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(1, bytes);
        return value.SignValue > 0 && value.CompareTo(Order) < 0;
    }

    internal static EvmAddress AddressOf(ECPoint publicKey)
    {
        byte[] encoded = publicKey.Normalize().GetEncoded(compressed: false);
        return new EvmAddress(Keccak256.Hash(encoded.AsSpan(1)).ToArray().AsSpan(12));
    }

    internal static byte[] ToBytes(BigInteger value) => BigIntegers.AsUnsignedByteArray(32, value);

    private static EvmAddress? RecoverFrom(ECPoint point, BigInteger r, BigInteger s, Hash32 digest)
    {
        var inverse = BigIntegers.ModOddInverse(Order, r);
        var u1 = Order.Subtract(ToInteger(digest).Mod(Order)).Multiply(inverse).Mod(Order);
        var u2 = s.Multiply(inverse).Mod(Order);
        var publicKey = ECAlgorithms.SumOfTwoMultiplies(Generator, u1, point, u2);
        return publicKey.IsInfinity ? null : AddressOf(publicKey);
    }

    /// <summary>The curve point with this x and parity, or null when no point has that x.</summary>
    private static ECPoint? TryLift(BigInteger x, bool odd)
    {
        var field = Curve.Curve;
        var abscissa = field.FromBigInteger(x);
        var ordinate = abscissa.Square().Multiply(abscissa).Add(field.B).Sqrt();
        if (ordinate is null)
        {
            return null;
        }

        return field.CreatePoint(x, (ordinate.TestBitZero() == odd ? ordinate : ordinate.Negate()).ToBigInteger());
    }

    private static BigInteger ToInteger(Hash32 value) => new(1, value.ToArray());

    private static Hash32 ToHash(BigInteger value) => new(ToBytes(value));
}
