namespace Dweb.Agent.Startup;

/// <summary>How the program ends.</summary>
internal sealed class ExitStatus
{
    public const int Done = 0;

    /// <summary>Wrong settings, or something the agent needs is not there.</summary>
    public const int CannotStart = 1;

    public const int Usage = 2;

    /// <summary>Another agent holds the key: systemd does not restart this one.</summary>
    public const int Superseded = 3;

    /// <summary>A part of it broke: systemd starts it again.</summary>
    public const int Broke = 4;

    public int Code { get; set; } = Done;
}
