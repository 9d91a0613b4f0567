using Dweb.Agent.Machine;
using Dweb.Agent.Trust;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Secrets;

/// <summary>
/// Opens secrets for a container that is about to start. A container may run on the newest block's word: if that block is replaced, it stops. What was handed
/// out cannot be taken back, so secrets wait until a block that will not be replaced says that the lease is this COE's.
/// </summary>
internal sealed class SecretHandout(ITicketSource tickets, AgentStanding me, SealedBundles bundles, SecretFolders folders, AgentSealing sealing)
{
    /// <summary>Looks whether they may be opened, and fetches them sealed.</summary>
    /// <param name="assignment">That the newest block agrees to.</param>
    /// <param name="secrets">Null for none.</param>
    /// <returns>Why they cannot be handed out now; null when nothing is in the way.</returns>
    /// <exception cref="Dweb.Chain.Rpc.RpcUnavailableException">No node answers.</exception>
    public async Task<Refusal?> FindObstacleAsync(AssignmentDocument assignment, SecretsSpec? secrets, CancellationToken cancellationToken)
    {
        if (secrets is null)
        {
            return null;
        }

        var answer = await tickets.ReadAsync(assignment, ChainView.Safe, cancellationToken);
        ulong now = await tickets.ReadTimeAsync(cancellationToken);
        var refusal = answer.Ticket is { State: LeaseState.None } ? new Refusal(Catalogue.SecretsWait, "Its secrets wait until the block that opened the lease is safe.")
            : answer.Ticket is { } ticket ? TicketCheck.Find(assignment, ticket, me, now, out _)
            : answer.Mismatch;
        if (refusal is not null)
        {
            return refusal with { Error = Catalogue.SecretsWait };
        }

        (byte[]? bundle, string? why) = await bundles.FindAsync(assignment.LeaseId, secrets, cancellationToken);
        return bundle is null ? new Refusal(Catalogue.SecretsUnavailable, $"The sealed secrets {secrets.Bundle} are not to be had: {why}.") : null;
    }

    /// <summary>Opens them into the lease's folder, which is there.</summary>
    /// <param name="secrets">Null for none.</param>
    /// <returns>Why they cannot be opened on this COE; null once they are written.</returns>
    /// <exception cref="HostToolException">The host has no memory for them, or what was fetched is gone.</exception>
    public async Task<Refusal?> GiveAsync(Hash32 lease, SecretsSpec? secrets, CancellationToken cancellationToken)
    {
        if (secrets is null)
        {
            return null;
        }

        (byte[]? bundle, string? why) = await bundles.FindAsync(lease, secrets, cancellationToken);
        if (bundle is null)
        {
            throw new HostToolException("secrets", $"The sealed secrets {secrets.Bundle} are gone: {why}.");
        }

        try
        {
            using var opened = SealedSecrets.Open(secrets, bundle, me.Coe, sealing.Key);
            folders.Write(lease, opened);
            return null;
        }
        catch (SecretException failure)
        {
            return new Refusal(Catalogue.SecretsUnopened, failure.Message);
        }
    }
}
