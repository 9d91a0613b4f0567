using System.Security.Cryptography;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Protocol.Sealing;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Orders;

/// <summary>Orders with secrets, as a user's command line makes them.</summary>
internal static class SecretOrders
{
    public static SealedSecrets Seal(params IReadOnlyList<TestAgent> agents) => SealedSecrets.Seal(
        new Dictionary<string, byte[]> { ["db"] = "hunter2"u8.ToArray() }, [.. agents.Select(static agent => new SecretHost(agent.Coe, KeyOf(agent)))], RandomNumberGenerator.GetBytes);

    public static Hash32 KeyOf(TestAgent agent)
    {
        using var pair = SealingKeyPair.OfAgent(agent.Key.ExportBytes());
        return pair.PublicKey;
    }

    public static async Task<SubmitOrderRequest> SignAsync(TestStack stack, PrivateKey user, SealedSecrets made, CancellationToken cancellationToken, ushort replicas = 1) =>
        await stack.Market.SignOrderAsync(
            user, cancellationToken, replicas,
            order => order with { Services = [order.Services[0] with { PlacementHash = PlacementPreferences.Of(made.Spec.Coes).Hash() }] },
            Market.SpecOf(stack.Market.ImageDigest) with { Secrets = made.Spec }) with { Bundles = [made.Bundle] };
}
