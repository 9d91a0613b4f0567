using System.Globalization;
using Dweb.Benchmarks.Agents;
using Dweb.Benchmarks.Durable;
using Dweb.Benchmarks.Settlement;

// Measures and prints tables: durable [INSTANCES], settlement [COES], agents COUNT and where a stack is. The other verb is the process that a measurement kills.
switch (args)
{
    case ["durable"]:
        await DurableBench.RunAsync(10_000);
        return 0;
    case ["durable", var instances] when int.TryParse(instances, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 100_000:
        await DurableBench.RunAsync(number);
        return 0;
    case ["settlement"]:
        SettlementBench.Run(1_000);
        return 0;
    case ["settlement", var coes] when int.TryParse(coes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10_000:
        SettlementBench.Run(number);
        return 0;
    case ["agents", var agents, var endpoint, var rpc, var deployment, var pid, var heartbeatMs]:
        await AgentsBench.RunAsync(
            int.Parse(agents, CultureInfo.InvariantCulture), new Uri(endpoint), new Uri(rpc), deployment, int.Parse(pid, CultureInfo.InvariantCulture),
            TimeSpan.FromMilliseconds(int.Parse(heartbeatMs, CultureInfo.InvariantCulture)));
        return 0;
    case [Crowd.Verb, var connection, var hub, var locks, var number]:
        await Crowd.HoldAsync(connection, hub, locks, int.Parse(number, CultureInfo.InvariantCulture));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: durable [INSTANCES], 100 to 100000 of them, settlement [COES], 1 to 10000 of them, or what 'dweb bench agents' says");
        return 2;
}
