using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Placement.Filters;

/// <summary>A ceiling bounds the sum of the four resources by the second, and data transfer for itself where any is reserved.</summary>
internal static class Ceiling
{
    public static bool Allows(Service service, PriceVector prices) =>
        prices.PerSecond(service.Reserved) <= service.Ceiling.PerSecond(service.Reserved)
        && (service.Reserved.Transfer == 0 || prices.Transfer <= service.Ceiling.Transfer);
}
