using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Scheduling;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Identity;

/// <summary>Who may look into and steer this control plane's own work: its scheduler member's key, where it has one, and the wallets that its settings name.</summary>
internal sealed class Operators(Callers callers, ICommitteeSigners committee, ControlPlaneSettings settings)
{
    /// <exception cref="DwebException">No login, or the login of somebody else.</exception>
    public EvmAddress Require(HttpRequest request)
    {
        var caller = callers.Require(request);
        return caller == committee.Own || settings.Operators.Contains(caller)
            ? caller
            : throw new DwebException(Catalogue.Forbidden, $"The wallet {caller} is no operator of this control plane (Dweb__Operators).");
    }
}
