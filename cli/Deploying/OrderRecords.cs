using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Cli.Home;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Deploying;

/// <summary>
/// Orders that this wallet has signed, by salt: what makes a deployment safe to repeat. This machine remembers what it sent; of what
/// another machine sent, the chain remembers what was admitted.
/// </summary>
internal sealed class OrderRecords(DwebHome home, DwebChain chain)
{
    /// <returns>Null when this machine has not signed an order of this salt, or lost it.</returns>
    public SubmitOrderRequest? Read(Hash32 salt)
    {
        string path = PathOf(salt);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DwebJson.Default.SubmitOrderRequest);
        }
        catch (JsonException)
        {
            // Of an older version of this program; the chain still has what was admitted.
            return null;
        }
    }

    /// <summary>Before it is sent, so that a lost answer does not lose the order.</summary>
    public void Write(SubmitOrderRequest request) =>
        PrivateFile.Write(PathOf(request.Order.Salt), JsonSerializer.Serialize(request, DwebJson.Default.SubmitOrderRequest), replace: true);

    /// <returns>Hash of the wallet's order of this salt that the chain has admitted; null for none.</returns>
    public async Task<Hash32?> FindAdmittedAsync(EvmAddress user, Hash32 salt, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.OrderAdmitted.Topic], null, [ChainEvents.Topic(Number(user))]], chain.Addresses.Block, null,
            cancellationToken);
        foreach (var log in logs)
        {
            if (LeaseBook.Events.OrderAdmitted.TryDecode(log, out var admitted) && admitted.Order.Salt == salt)
            {
                return admitted.OrderHash;
            }
        }

        return null;
    }

    private static System.Numerics.BigInteger Number(EvmAddress address) => new(address.ToArray(), isUnsigned: true, isBigEndian: true);

    private string PathOf(Hash32 salt) => Path.Combine(home.Folder, "orders", salt.ToString()[2..] + ".json");
}
