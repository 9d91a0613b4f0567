using System.Numerics;
using Dweb.Chain.Signing;
using Dweb.Cli.Commands;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Cli.Hosting;

/// <summary>All that joining would do, before any of it is signed.</summary>
/// <param name="Terms">The agent is zero while it has no key.</param>
/// <param name="Registered">The chain has the COE already: <paramref name="Terms"/> are what it holds.</param>
/// <param name="Machine">Null, as <paramref name="Line"/>, where nothing had to be found out.</param>
/// <param name="AsksFrom">Where the asks come from.</param>
/// <param name="Agent">Null while it has no key.</param>
/// <param name="Start">The line that starts the agent by hand.</param>
internal sealed record JoinPlan(
    Hash32 Coe, EvmAccount Host, HostStep Wallet, CoeTerms Terms, bool Registered, DetectedMachine? Machine, MeasuredLine? Line, string AsksFrom, PrivateKey? Agent,
    AgentSettings Settings, string Start, IReadOnlyList<string> Notes)
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Wei of thirty days in which everything but the transfer is sold.</summary>
    public BigInteger MostPerMonth => PriceVector.FromList(Terms.Asks).PerSecond(ResourceVector.FromList(Terms.Capacity)) * (long)Month.TotalSeconds;

    public JoinView View(IReadOnlyList<HostStep> steps) => new(
        Terms.Name, Coe, Host.Name, Host.Address, Terms.Agent.IsZero ? null : Terms.Agent, Registered, Region.NameOf(Terms.Region), Machine, Line, Terms.Capacity, Terms.Asks, AsksFrom, Terms.Stake,
        MostPerMonth, Terms.Endpoint, Settings, Start, Notes, steps);
}

/// <summary>What <c>coe join</c> prints.</summary>
/// <param name="Asks">Wei, as <paramref name="Stake"/> and <paramref name="MostPerMonth"/>.</param>
internal sealed record JoinView(
    string Name, Hash32 Coe, string Wallet, EvmAddress Host, EvmAddress? Agent, bool WasRegistered, string Region, DetectedMachine? Machine, MeasuredLine? Line, IReadOnlyList<ulong> Capacity,
    IReadOnlyList<BigInteger> Asks, string AsksFrom, BigInteger Stake, BigInteger MostPerMonth, string Url, AgentSettings Settings, string Start, IReadOnlyList<string> Notes,
    IReadOnlyList<HostStep> Steps);
