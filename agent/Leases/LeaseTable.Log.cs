using Dweb.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

internal sealed partial class LeaseTable
{
    [LoggerMessage(220, LogLevel.Information, "Lease {LeaseId} is taken up again ({Stage}).")]
    private partial void Adopted(Hash32 leaseId, LeaseStage stage);

    [LoggerMessage(221, LogLevel.Warning, "The control plane {Plane} sent assignments of COE {Coe}; they are ignored.")]
    private partial void ForeignDocument(Uri plane, Hash32 coe);
}
