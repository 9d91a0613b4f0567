namespace Dweb.Local.Stack;

/// <summary>Names of the wallets of a local stack.</summary>
internal static class Role
{
    public const string Governor = "governor";
    public const string Treasury = "treasury";

    /// <summary>A scheduler member, who may also look into the control plane's work.</summary>
    public const string Scheduler = "scheduler";
    public const string SecondScheduler = "scheduler-2";
    public const string ThirdScheduler = "scheduler-3";
    public const string FirstGas = "gas-1";
    public const string SecondGas = "gas-2";
    public const string User = "user";
    public const string CodeOwner = "code-owner";
    public const string ImageOwner = "image-owner";

    /// <summary>A second user, who has little in escrow.</summary>
    public const string Tenant = "tenant";

    /// <summary>Members of a DAO, by themselves and through another one.</summary>
    public const string FirstMaintainer = "maintainer-1";
    public const string SecondMaintainer = "maintainer-2";
    public const string FirstFriend = "friend-1";
    public const string SecondFriend = "friend-2";

    /// <summary>The scheduler committee: each a process with a key of its own.</summary>
    public static IReadOnlyList<string> Members { get; } = [Scheduler, SecondScheduler, ThirdScheduler];

    public static IReadOnlyList<HostRole> Hosts { get; } = [new("host-1", "agent-1", "north"), new("host-2", "agent-2", "south"), new("host-3", "agent-3", "west")];

    /// <summary>One more, of the demo: cheaper than the others, somewhere else, and without the way to the images that it needs to run anything.</summary>
    public static HostRole Idle { get; } = new("host-4", "agent-4", "east") { Region = "eu-east", PricePercent = 90, Registry = "127.0.0.1:1" };

    /// <summary>All of them, in the order in which they take the chain's accounts.</summary>
    public static IReadOnlyList<string> All { get; } =
        [
            Governor, Treasury, .. Members, FirstGas, SecondGas, User, CodeOwner, ImageOwner, Tenant, FirstMaintainer, SecondMaintainer, FirstFriend, SecondFriend,
            .. Hosts.Append(Idle).SelectMany(h => (string[])[h.Wallet, h.Agent]),
        ];
}

/// <summary>A COE host: the wallet that is paid, the key of its agent, the name of its COE.</summary>
internal sealed record HostRole(string Wallet, string Agent, string Coe)
{
    public string Region { get; init; } = "eu-central";

    /// <summary>Of what the others ask.</summary>
    public int PricePercent { get; init; } = 100;

    /// <summary>Where its agent looks for images; null: in the stack's registry.</summary>
    public string? Registry { get; init; }
}
