using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

internal sealed partial class LeaseStore
{
    [LoggerMessage(100, LogLevel.Error, "A lease's record is damaged and was set aside as {Path}: {Reason}")]
    private partial void Damaged(string path, string reason);
}
