namespace Dweb.Core.Protocol.Messages;

/// <summary>State of a COE on chain. The numbers are the contracts'; only an active one takes new leases.</summary>
public enum CoeStatus
{
    None,
    Active,
    Draining,
    Suspended,
}
