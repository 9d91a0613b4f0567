using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

internal sealed partial class HubEngine
{
    /// <summary>Forgets an instance whose row says that it has ended. False when that is no longer what the storage says.</summary>
    public async Task<bool> PurgeInstanceAsync(InstanceRow row, CancellationToken ct)
    {
        while (Find(row.InstanceId) is { } actor)
        {
            // Read again while it is in memory: one that has ended leaves soon, one that was rewound may stay for good.
            if (await ReadRowAsync(row.InstanceId, ct) is not { } now || now.ETag != row.ETag)
            {
                return false;
            }
            await actor.Closed.WaitAsync(ct);
        }
        await Lease.EnsureFreshAsync(ct);
        return await InstancePurge.RunAsync(Store, row, ct);
    }
}
