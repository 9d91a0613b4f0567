using System.Numerics;
using System.Text.Json;
using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>
/// Those who wrote what others build on: a repository that belongs to a DAO of unequal members, one of which is a DAO itself. What comes in at its
/// treasury is drawn by the members, each by its shares.
/// </summary>
internal sealed class Community(Repository repository, LocalStack stack, Screen screen)
{
    /// <summary>The release that others are built on, with the share that it gets of theirs.</summary>
    public const string Upstream = Code + "@" + Version + "=25";

    /// <summary>Name of the DAO.</summary>
    public const string Tools = "tools";

    private const string Code = "page-tools";
    private const string Version = "1.0.0";
    private const string Club = "club";
    private string _clubTimelock = "";

    /// <summary>Where the DAO is paid.</summary>
    public string Treasury { get; private set; } = "";

    /// <summary>Where the DAO inside it is paid.</summary>
    public string ClubTreasury { get; private set; } = "";

    public async Task Found(CancellationToken stop)
    {
        var club = await stack.Cli.Run(Role.FirstFriend, stop, "dao", "create", Club, "--member", $"{stack.People[Role.FirstFriend]}=3", "--member", $"{stack.People[Role.SecondFriend]}=1");
        (_clubTimelock, ClubTreasury) = (Text(club, "timelock"), Text(club, "treasury"));
        var tools = await stack.Cli.Run(
            Role.FirstMaintainer, stop, "dao", "create", Tools,
            "--member", $"{stack.People[Role.FirstMaintainer]}=50", "--member", $"{stack.People[Role.SecondMaintainer]}=30", "--member", $"{_clubTimelock}=20");
        Treasury = Text(tools, "treasury");
        screen.Detail($"DAO '{Tools}': {Role.FirstMaintainer} 50, {Role.SecondMaintainer} 30, DAO '{Club}' 20 shares; '{Club}': {Role.FirstFriend} 3, {Role.SecondFriend} 1");
        await stack.Cli.Run(Role.FirstMaintainer, stop, "code", "create", Code, "--payee", Treasury);
        await stack.Cli.Run(
            Role.FirstMaintainer, stop, "code", "release", Code, Version, "--source", DemoImage.ToolsOf(repository), "--uri", "file:///local/Demo/tools", "--license", "Apache-2.0");
        screen.Detail($"code NFT '{Code}', release {Version}; what it earns goes to DAO '{Tools}'");
    }

    /// <summary>Pays every member what its DAO owes it, the outer DAO first: the inner one is paid by it.</summary>
    /// <returns>Who was paid and how much, in wei; of the DAO's own receipts nothing may be missing.</returns>
    public async Task<IReadOnlyList<Paid>> Draw(TokenBalances token, CancellationToken stop)
    {
        (string Name, string Dao)[] people = [(Role.FirstMaintainer, Tools), (Role.SecondMaintainer, Tools), (Role.FirstFriend, Club), (Role.SecondFriend, Club)];
        string[] accounts = [.. people.Select(person => stack.People[person.Name]), Treasury, ClubTreasury];
        var before = await token.Of(accounts, stop);
        await stack.Cli.Run(Role.FirstMaintainer, stop, "dao", "draw", Tools);
        await stack.Cli.Run(Role.SecondMaintainer, stop, "dao", "draw", Tools);
        await stack.Cli.Run(Role.FirstFriend, stop, "dao", "draw", Tools, _clubTimelock);
        await stack.Cli.Run(Role.FirstFriend, stop, "dao", "draw", Club);
        await stack.Cli.Run(Role.SecondFriend, stop, "dao", "draw", Club);
        var after = await token.Of(accounts, stop);
        BigInteger Gained(string account) => after[account.ToLowerInvariant()] - before[account.ToLowerInvariant()];
        List<Paid> paid = [.. people.Select(person => new Paid(person.Name, $"member of DAO '{person.Dao}'", Gained(stack.People[person.Name])))];
        var moved = paid.Aggregate(BigInteger.Zero, static (sum, p) => sum + p.Amount) + Gained(Treasury) + Gained(ClubTreasury);
        return moved.IsZero ? paid : throw new LocalException($"{moved} wei came from nowhere when members drew from their DAOs.", "This is a fault of the contracts or of the token.");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}

/// <summary>What somebody got.</summary>
/// <param name="Why">As what.</param>
/// <param name="Amount">Wei.</param>
internal sealed record Paid(string Who, string Why, BigInteger Amount);
