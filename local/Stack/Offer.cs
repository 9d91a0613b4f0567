using System.Globalization;

namespace Dweb.Local.Stack;

/// <summary>What each host of a local stack offers, and for how much.</summary>
internal static class Offer
{
    /// <summary>DWEB from the faucet for a host: its stake and something over.</summary>
    public const string Funds = "2000";

    // Wei per unit and second: mCPU, MiB, MiB, Mbit/s; the last one per MiB transferred.
    private static readonly (string Name, long Wei)[] Asks =
        [("cpu", 40_000_000_000), ("memory", 10_000_000_000), ("storage", 1_000_000_000), ("bandwidth", 50_000_000_000), ("transfer", 20_000_000_000_000)];

    public static string Words(HostRole host) => "4 CPUs, 4 GiB memory, 10 GiB storage, 1 Gbit/s, 1,000 GiB transfer; stake 1,000 DWEB"
        + (host.PricePercent == 100 ? "" : string.Create(CultureInfo.InvariantCulture, $"; in {host.Region}, for {host.PricePercent} % of what the others ask"));

    public static IReadOnlyList<string> Registration(HostRole host, string agent) =>
    [
        "coe", "register", host.Coe, "--agent", agent,
        "--cpu", "4000", "--memory", "4096", "--storage", "10240", "--bandwidth", "1000", "--transfer", "1000",
        "--ask", AsksOf(host), "--region", host.Region, "--endpoint", "http://127.0.0.1", "--stake", "1000",
    ];

    private static string AsksOf(HostRole host) =>
        string.Join(',', Asks.Select(ask => string.Create(CultureInfo.InvariantCulture, $"{ask.Name}={ask.Wei * host.PricePercent / 100}")));
}
