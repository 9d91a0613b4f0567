using Dweb.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

internal sealed partial class LeaseWorker
{
    [LoggerMessage(200, LogLevel.Information, "Lease {LeaseId} runs in container {Container}.")]
    private partial void LeaseStarted(Hash32 leaseId, string container);

    [LoggerMessage(201, LogLevel.Warning, "Lease {LeaseId} is refused ({Code}): {Detail}")]
    private partial void LeaseRefused(Hash32 leaseId, string code, string detail);

    [LoggerMessage(202, LogLevel.Information, "Lease {LeaseId} is stopped ({Code}): {Detail}")]
    private partial void LeaseStopping(Hash32 leaseId, string code, string detail);

    [LoggerMessage(203, LogLevel.Information, "Lease {LeaseId} is over; its container and record are gone.")]
    private partial void LeaseForgotten(Hash32 leaseId);

    [LoggerMessage(204, LogLevel.Warning, "Lease {LeaseId} cannot be started yet ({Code}): {Detail}")]
    private partial void LaunchDelayed(Hash32 leaseId, string code, string detail);

    [LoggerMessage(205, LogLevel.Warning, "The container of lease {LeaseId} is gone; it is launched again.")]
    private partial void ContainerGone(Hash32 leaseId);

    [LoggerMessage(206, LogLevel.Warning, "Lease {LeaseId} waits: {Reason}")]
    private partial void StepFailed(Hash32 leaseId, string reason);

    [LoggerMessage(207, LogLevel.Error, "A step of lease {LeaseId} broke.")]
    private partial void StepBroke(Hash32 leaseId, Exception failure);

    [LoggerMessage(208, LogLevel.Warning, "The counters of lease {LeaseId} cannot be written: {Reason}")]
    private partial void NotKept(Hash32 leaseId, string reason);
}
