using System.Security.Cryptography;
using Dweb.Agent.Trust;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Protocol.Sealing;

namespace Dweb.Agent.Secrets;

/// <summary>The key for which secrets are sealed that only this agent is to open.</summary>
/// <param name="Statement">What it tells of it, signed.</param>
internal sealed record AgentSealing(SealingKeyPair Key, SealingKeyDocument Statement)
{
    public static AgentSealing Of(PrivateKey agent, AgentStanding me)
    {
        byte[] secret = agent.ExportBytes();
        var key = SealingKeyPair.OfAgent(secret);
        CryptographicOperations.ZeroMemory(secret);
        return new AgentSealing(key, new SealingKeyDocument(key.PublicKey, agent.SignDigest(me.Book.Digest(new SealingKey(me.Coe, key.PublicKey).StructHash()))));
    }
}
