namespace Dweb.Functions.Settings;

/// <summary>What the program is told in every role.</summary>
internal abstract record ProgramSettings
{
    public required Uri RpcUrl { get; init; }

    public required string DeploymentFile { get; init; }

    /// <summary>Where the program listens when it runs alone, and what clients are told.</summary>
    public required Uri ListenUrl { get; init; }

    /// <summary>How often agents are asked to be heard; a COE is lost after 2.5 of these.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>Disputed containers may be asked at addresses of this machine and of private networks: hosts and users are all on one.</summary>
    public bool ProbePrivateAddresses { get; init; }
}

/// <summary>What a scheduler member is told: its own chain node and its own key, and no storage.</summary>
internal sealed record MemberSettings : ProgramSettings
{
    public required KeystoreFile Keystore { get; init; }
}

/// <summary>A keystore and the file with its password.</summary>
internal sealed record KeystoreFile(string Path, string PasswordFile);
