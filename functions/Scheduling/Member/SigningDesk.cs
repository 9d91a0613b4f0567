using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Signs what this member finds by itself, for whoever asks.</summary>
internal sealed partial class SigningDesk(ISigner key, ChainContracts contracts, PlanCheck plans, FaultCheck faults, UpgradeCheck upgrades, VerdictCheck verdicts, ILogger<SigningDesk> logger)
{
    /// <exception cref="DwebException">What it finds otherwise.</exception>
    public async Task<CommitteeSignature> SignAsync(CommitteeRequest request, CancellationToken cancellationToken)
    {
        await (request switch
        {
            PlanRequest plan => plans.RunAsync(plan, cancellationToken),
            FaultRequest fault => faults.RunAsync(fault, cancellationToken),
            UpgradeRequest upgrade => upgrades.RunAsync(upgrade, cancellationToken),
            VerdictRequest verdict => verdicts.RunAsync(verdict, cancellationToken),
            _ => throw new DwebException(Catalogue.MemberRefused, $"This member signs no {request.GetType().Name}.", "kind"),
        });
        var digest = contracts.Book.Digest(request.StructHash());
        LogSigned(logger, request.GetType().Name, digest.ToString());
        return new CommitteeSignature(key.Sign(digest));
    }

    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "Signed {Message} {Digest}")]
    private static partial void LogSigned(ILogger logger, string message, string digest);
}
