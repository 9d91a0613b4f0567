using System.Numerics;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Orders;

/// <summary>Checks of an order that need nothing but the request: each refusal names the field. The chain makes the same ones again.</summary>
internal static class OrderChecks
{
    private const uint DurationBound = 1 << 27;
    private const int MostServices = 64;
    private const int MostReplicas = 256;
    private const int LongestName = 63;

    /// <exception cref="DwebException">For another chain or lease book, or a value is outside its range.</exception>
    public static Order Read(SubmitOrderRequest request, TypedDataDomain book)
    {
        if (request.ChainId != book.ChainId)
        {
            throw new DwebException(Catalogue.WrongChain, $"The order is for chain {request.ChainId}; this control plane serves chain {book.ChainId}.", "chainId");
        }

        if (request.LeaseBook != book.VerifyingContract)
        {
            throw new DwebException(
                Catalogue.WrongContract, $"The order is for lease book {request.LeaseBook}; this control plane serves {book.VerifyingContract}.", "leaseBook");
        }

        Require(request.Name is null or { Length: > 0 and <= LongestName }, "name", $"a name has 1 to {LongestName} characters");
        var order = ToMessage(request.Order);
        Require(!order.User.IsZero, "order.user", "a user is not the zero address");
        Require(order.MaxTotal > 0, "order.maxTotal", "the cap is more than 0 wei");
        Require(order.Duration is > 0 and < DurationBound, "order.duration", $"a duration is 1 to {DurationBound - 1} seconds");
        Require(order.Prepay > 0, "order.prepay", "at least a second is funded");
        Require(order.StartWithin <= Math.Min(order.Prepay, order.Duration), "order.startWithin", "a host's time to start is funded");
        Require(order.UpgradePolicy <= 1, "order.upgradePolicy", "an upgrade policy is 0 or 1");
        return order;
    }

    /// <exception cref="DwebException">A value is outside its range.</exception>
    public static IReadOnlyList<Service> ReadServices(IReadOnlyList<ServiceDocument> services, string field)
    {
        Require(services.Count is > 0 and <= MostServices, field, $"an order has 1 to {MostServices} services");
        for (int i = 0; i < services.Count; i++)
        {
            var service = services[i];
            string path = $"{field}[{i}]";
            Require(service.Replicas is > 0 and <= MostReplicas, path + ".replicas", $"a service has 1 to {MostReplicas} replicas");
            Require(!service.ImageDigest.IsZero, path + ".imageDigest", "a service has an image");
            Require(service.Reserved.Count == 5, path + ".reserved", "a vector has five members");
            Require(service.Ceiling.Count == 5 && service.Ceiling.All(IsWide), path + ".ceiling", "a vector has five members from 0 to 2^128 - 1");
            Require(IsWide(service.MinStake), path + ".minStake", "an amount is 0 to 2^128 - 1 wei");
        }

        return [.. services.Select(static service => service.ToMessage())];
    }

    /// <exception cref="DwebException">A spec is not the one that was signed, or not in its canonical form.</exception>
    public static IReadOnlyList<ContainerSpec> ReadSpecs(Order order, IReadOnlyList<string> specs)
    {
        Require(specs.Count == order.Services.Count, "specs", $"there is one spec for each of the {order.Services.Count} services");
        var read = new ContainerSpec[specs.Count];
        for (int i = 0; i < specs.Count; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(specs[i]);
            if (Keccak256.Hash(bytes) != order.Services[i].SpecHash)
            {
                throw new DwebException(Catalogue.SpecMismatch, $"Spec {i} hashes to {Keccak256.Hash(bytes)}; signed was {order.Services[i].SpecHash}.", $"specs[{i}]");
            }

            read[i] = ReadSpec(bytes, i);
            if (read[i].ImageDigest != order.Services[i].ImageDigest)
            {
                throw new DwebException(Catalogue.SpecMismatch, $"Spec {i} is for image {read[i].ImageDigest}; signed was {order.Services[i].ImageDigest}.", $"specs[{i}]");
            }
        }

        return read;
    }

    /// <exception cref="DwebException">Another key than the user's signed.</exception>
    public static void CheckSignature(Order order, Hash32 orderHash, EvmSignature signature)
    {
        var signer = Secp256k1.Recover(orderHash, signature);
        if (signer != order.User)
        {
            throw new DwebException(
                Catalogue.SignatureMismatch, signer is { } other ? $"The order is {order.User}'s and {other} signed it." : "The signature is of no key.", "signature");
        }
    }

    private static ContainerSpec ReadSpec(byte[] bytes, int index)
    {
        try
        {
            return ContainerSpec.FromCanonicalJson(bytes);
        }
        catch (JsonException malformed)
        {
            throw new DwebException(Catalogue.InvalidValue, $"Spec {index} cannot be read: {malformed.Message}", $"specs[{index}]", malformed);
        }
    }

    private static Order ToMessage(OrderDocument document)
    {
        ReadServices(document.Services, "order.services");
        Require(IsWide(document.MaxTotal), "order.maxTotal", "an amount is 0 to 2^128 - 1 wei");
        return document.ToMessage();
    }

    private static bool IsWide(BigInteger value) => value.Sign >= 0 && value.GetBitLength() <= 128;

    private static void Require(bool holds, string field, string rule)
    {
        if (!holds)
        {
            throw new DwebException(Catalogue.InvalidValue, $"{field}: {rule}.", field);
        }
    }
}
