using System.CommandLine;
using System.Globalization;
using Dweb.Local.Bench;
using Dweb.Local.Bench.Agent;
using Dweb.Local.Bench.Trace;
using Dweb.Local.Build;
using Dweb.Local.Demo;
using Dweb.Local.Install;
using Dweb.Local.Stack;

namespace Dweb.Local.Commands;

/// <summary><c>dweb bench</c>: measures orders on a stack of its own, orchestrations, settlements, and the contracts' gas.</summary>
internal static class BenchCommand
{
    private const int FewestPairs = 5;
    private const int Restarts = 5;
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(1);

    // As the settings have it where nobody says another one.
    private static readonly TimeSpan UsualHeartbeat = TimeSpan.FromSeconds(10);

    public static Command Create() => new("bench", "Measure: times on a stack of its own, of which nothing is asserted, and gas, which has limits.") { Deploy(), Replicas(), Agent(), Agents(), Durable(), Settlement(), Gas() };

    private static Command Deploy()
    {
        var noInstall = CommonOptions.NoInstall();
        var count = new Option<int>("--count") { Description = "pairs to take, 5 to 100", DefaultValueFactory = _ => 10 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < FewestPairs or > 100)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--count is {FewestPairs} to 100"));
            }
        });
        var alone = new Option<bool>("--one-member") { Description = "the control plane alone signs, instead of two of three members" };
        var trace = new Option<bool>("--trace") { Description = "what each program does for one order more, and when; all then send spans" };
        var command = new Command("deploy", "A signed order until it runs, against a bare docker run, in turn. Example: dweb bench deploy --count 20") { noInstall, count, alone, trace };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await using var receiver = parsed.GetValue(trace) ? new SpanReceiver() : null;
            foreach (var (name, value) in receiver?.Settings ?? new Dictionary<string, string>())
            {
                // Every program of the stack has this one's environment.
                Environment.SetEnvironmentVariable(name, value);
            }

            await using var stack = await Begin(workshop, !parsed.GetValue(noInstall), parsed.GetValue(alone) ? 0 : Role.Members.Count, stop);
            var image = await Publish(workshop, stack, stop);
            workshop.Screen.Step("Pairs");
            var bench = new DeployBench(workshop.Repository, stack, workshop.Tool, workshop.Screen);
            await bench.WarmUp(image, stop);
            var result = await bench.Measure(image, parsed.GetValue(count), stop);
            BenchTables.Show(workshop.Screen, result);
            if (receiver is not null)
            {
                await DeployTrace.Show(workshop.Repository, stack, receiver, workshop.Screen, stop);
            }

            return 0;
        });
        return command;
    }

    private static Command Replicas()
    {
        var noInstall = CommonOptions.NoInstall();
        var count = new Option<int>("--count") { Description = "replicas of the order, 2 to 100", DefaultValueFactory = _ => 50 };
        var rounds = new Option<int>("--rounds") { Description = "how many of each, 1 to 20", DefaultValueFactory = _ => 3 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 or > 100)
            {
                result.AddError("--count is 2 to 100");
            }
        });
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 20)
            {
                result.AddError("--rounds is 1 to 20");
            }
        });
        var command = new Command(
            "replicas", "Many replicas of one order, against the engine alone and Docker Swarm, in turn on the same engine. Example: dweb bench replicas --count 50") { noInstall, count, rounds };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await using var stack = await Begin(workshop, !parsed.GetValue(noInstall), Role.Members.Count, stop);
            var image = await Publish(workshop, stack, stop);
            workshop.Screen.Step("Rounds");
            await new DeployBench(workshop.Repository, stack, workshop.Tool, workshop.Screen).WarmUp(image, stop);
            var measured = await new ReplicasBench(workshop.Repository, stack, workshop.Tool, workshop.Screen).Measure(image, parsed.GetValue(count), parsed.GetValue(rounds), stop);
            ReplicasBench.Show(workshop.Screen, parsed.GetValue(count), measured);
            return 0;
        });
        return command;
    }

    private static Command Agent()
    {
        var noInstall = CommonOptions.NoInstall();
        var count = new Option<int>("--count") { Description = "starts to measure, 5 to 100", DefaultValueFactory = _ => 20 };
        var replicas = new Option<int>("--containers") { Description = "leases at once, and containers of the agent while it is watched, 2 to 60", DefaultValueFactory = _ => 50 };
        var rounds = new Option<int>("--rounds") { Description = "how often many leases are started at once, 1 to 20", DefaultValueFactory = _ => 3 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < FewestPairs or > 100)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--count is {FewestPairs} to 100"));
            }
        });
        replicas.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 or > 60)
            {
                result.AddError("--containers is 2 to 60");
            }
        });
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 20)
            {
                result.AddError("--rounds is 1 to 20");
            }
        });
        var command = new Command(
            "agent",
            "What one agent takes: an assignment until it runs and many at once, against the engine alone and Docker Swarm; processor and memory with many containers; its start. Example: dweb bench agent --count 20")
        {
            noInstall, count, replicas, rounds,
        };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await using var receiver = new SpanReceiver();
            foreach (var (name, value) in receiver.Settings)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            await using var stack = await Begin(workshop, !parsed.GetValue(noInstall), Role.Members.Count, [Role.Hosts[0]], stop);
            var image = await Publish(workshop, stack, stop);
            workshop.Screen.Step("Starts");
            var bench = new AgentBench(workshop.Repository, stack, workshop.Tool, receiver);
            var containers = parsed.GetValue(replicas);
            var pairs = await bench.Start(image, parsed.GetValue(count), stop);
            workshop.Screen.Step("Many at once");
            var rushes = await bench.Rush(image, containers, parsed.GetValue(rounds), stop);
            foreach (var name in receiver.Settings.Keys)
            {
                // Spans are no part of what an agent takes that nobody measures.
                Environment.SetEnvironmentVariable(name, null);
            }

            workshop.Screen.Step("Its own start");
            var restarts = await bench.Restarts(Restarts, stop);
            workshop.Screen.Step("At rest");
            AgentTables.Show(workshop.Screen, pairs, containers, rushes, await bench.Rest(containers, Watched, stop), restarts);
            return 0;
        });
        return command;
    }

    private static Command Agents()
    {
        var noInstall = CommonOptions.NoInstall();
        var count = new Option<int>("--count") { Description = "how many, 100 to 20000", DefaultValueFactory = _ => 10_000 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 100 or > 20_000)
            {
                result.AddError("--count is 100 to 20000");
            }
        });
        var command = new Command("agents", "What heartbeats and long polls of many agents cost the control plane. Example: dweb bench agents --count 10000") { noInstall, count };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var setup = new Setup(workshop.Repository, workshop.Tool, workshop.Screen);
            await setup.Prepare(DotnetBuild.Stack, !parsed.GetValue(noInstall), stop);
            await setup.PrepareWithoutStack(DotnetBuild.Benchmarks, mayInstall: false, stop);
            await using var stack = await LocalStack.Begin(
                workshop.Repository, workshop.State, workshop.Spawner, workshop.Tool, workshop.Screen, UsualHeartbeat, members: 0, stop);
            await Bringup.WithoutHosts(stack, workshop.Screen, stop);
            workshop.Screen.Step("Agents");
            await new BenchProgram(workshop.Repository, workshop.Tool, workshop.Screen).Run(
                [
                    "agents", Text(parsed.GetValue(count)), stack.Addresses.Endpoint, stack.Addresses.Rpc, stack.DeploymentFile, Text(stack.ControlPlanePid),
                    Text((int)UsualHeartbeat.TotalMilliseconds),
                ],
                stop);
            return 0;
        });
        return command;
    }

    private static Task<LocalStack> Begin(Workshop workshop, bool install, int members, CancellationToken stop) => Begin(workshop, install, members, Role.Hosts, stop);

    private static async Task<LocalStack> Begin(Workshop workshop, bool install, int members, IReadOnlyList<HostRole> hosts, CancellationToken stop)
    {
        await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).Prepare(DotnetBuild.Stack, install, stop);
        var stack = await LocalStack.Begin(
            workshop.Repository, workshop.State, workshop.Spawner, workshop.Tool, workshop.Screen, LocalStack.Heartbeat, members, stop);
        try
        {
            await Bringup.Run(stack, workshop.Screen, hosts, stop);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <returns>The image as the engine names it; the user has escrow to run it.</returns>
    private static async Task<string> Publish(Workshop workshop, LocalStack stack, CancellationToken stop)
    {
        workshop.Screen.Step("Image and escrow");
        var digest = await new Publication(workshop.Repository, workshop.State, stack.Cli, workshop.Screen).Publish(upstream: null, stop);
        await stack.Cli.Run(Role.User, stop, "wallet", "fund", Role.User, "1000");
        await stack.Cli.Run(Role.User, stop, "deposit", "200");
        return $"{stack.Addresses.RegistryName}/{DemoImage.Repository}@{digest}";
    }

    private static Command Durable()
    {
        var noInstall = CommonOptions.NoInstall();
        var instances = new Option<int>("--instances") { Description = "how many wait at once, 100 to 100000", DefaultValueFactory = _ => 10_000 };
        instances.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 100 or > 100_000)
            {
                result.AddError("--instances is 100 to 100000");
            }
        });
        var command = new Command("durable", "Orchestrations on Azurite, in memory and on a peer. Example: dweb bench durable --instances 1000") { noInstall, instances };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareWithoutStack(DotnetBuild.Benchmarks, !parsed.GetValue(noInstall), stop);
            await new BenchProgram(workshop.Repository, workshop.Tool, workshop.Screen).Run(["durable", Text(parsed.GetValue(instances))], stop);
            return 0;
        });
        return command;
    }

    private static Command Settlement()
    {
        var noInstall = CommonOptions.NoInstall();
        var coes = new Option<int>("--coes") { Description = "how many, of 100 leases each, 1 to 10000", DefaultValueFactory = _ => 1_000 };
        coes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
            {
                result.AddError("--coes is 1 to 10000");
            }
        });
        var command = new Command("settlement", "An epoch's settlement off chain, and the transactions and gas it takes. Example: dweb bench settlement --coes 100") { noInstall, coes };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareWithoutStack(DotnetBuild.Benchmarks, !parsed.GetValue(noInstall), stop);
            await new BenchProgram(workshop.Repository, workshop.Tool, workshop.Screen).Run(["settlement", Text(parsed.GetValue(coes))], stop);
            return 0;
        });
        return command;
    }

    private static Command Gas()
    {
        var noInstall = CommonOptions.NoInstall();
        var command = new Command("gas", "What the contracts' operations cost, beside their limits and what a first version would cost. Example: dweb bench gas") { noInstall };
        command.Runs(async (workshop, parsed, stop) =>
        {
            await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).PrepareContracts(!parsed.GetValue(noInstall), stop);
            var measured = await new GasBench(workshop.Repository, workshop.Tool, workshop.Screen).Measure(stop);
            var table = GasTable.Of(measured, GasLimits.Read(workshop.Repository.Contracts));
            GasTables.Show(workshop.Screen, table);
            return table.Ok ? 0 : 1;
        });
        return command;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
