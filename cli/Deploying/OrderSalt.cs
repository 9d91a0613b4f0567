using System.Text;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Deploying;

/// <summary>
/// The salt of an order that is safe to repeat: the same deployment of the same wallet is the same order, until its user asks for
/// another one.
/// </summary>
internal static class OrderSalt
{
    /// <param name="compose">The Compose file's text.</param>
    /// <param name="again">0 the first time; another number for another order of the same content.</param>
    public static Hash32 Derive(EvmAddress wallet, string name, string compose, uint again) => new StructHasher()
        .Word(Keccak256.Hash("dweb deploy")).Word(wallet).Word(Keccak256.Hash(name)).Word(Keccak256.Hash(Encoding.UTF8.GetBytes(compose))).Word(again)
        .Hash();
}
