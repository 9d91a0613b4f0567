namespace Dweb.Local.Stack;

/// <summary>What each host of a local stack offers, and for how much.</summary>
internal static class Offer
{
    /// <summary>DWEB from the faucet for a host: its stake and something over.</summary>
    public const string Funds = "2000";

    public const string Words = "4 CPUs, 4 GiB memory, 10 GiB storage, 1 Gbit/s, 1,000 GiB transfer; stake 1,000 DWEB";

    // Wei per unit and second: mCPU, MiB, MiB, Mbit/s; the last one per MiB transferred.
    private const string Asks = "cpu=40000000000,memory=10000000000,storage=1000000000,bandwidth=50000000000,transfer=20000000000000";

    public static IReadOnlyList<string> Registration(HostRole host, string agent) =>
    [
        "coe", "register", host.Coe, "--agent", agent,
        "--cpu", "4000", "--memory", "4096", "--storage", "10240", "--bandwidth", "1000", "--transfer", "1000",
        "--ask", Asks, "--region", "eu-central", "--endpoint", "http://127.0.0.1", "--stake", "1000",
    ];
}
