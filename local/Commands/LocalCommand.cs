using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dweb.Local.Build;
using Dweb.Local.Install;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Spectre.Console;

namespace Dweb.Local.Commands;

/// <summary><c>dweb local</c>: the stack of the demo, kept running.</summary>
internal static class LocalCommand
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    public static Command Create() => new("local", "A whole Dweb on this machine: storage, chain, registry, control plane, three COE hosts.")
    {
        Up(), Down(), Status(), Logs(), Reset(), Supervise(), PackageCommand.Create(),
    };

    private static Command Up()
    {
        var noInstall = CommonOptions.NoInstall();
        var command = new Command("up", "Start it and return when it takes orders. Every start begins with an empty chain. Example: dweb local up") { noInstall };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var background = new Background(workshop.Repository, workshop.State);
            if (!background.IsRunning)
            {
                await new Setup(workshop.Repository, workshop.Tool, workshop.Screen).Prepare(DotnetBuild.Stack, !parsed.GetValue(noInstall), stop);
                await background.Start(workshop.Screen.Plain, stop);
            }

            Show(workshop);
            return 0;
        });
        return command;
    }

    private static Command Down()
    {
        var command = new Command("down", "End it: its processes, and the containers of its hosts. Example: dweb local down");
        command.Runs(async (workshop, _, stop) =>
        {
            var ended = await new Background(workshop.Repository, workshop.State).End(workshop.Spawner, stop);
            workshop.Screen.Plain(ended ? "The local stack has ended." : "No local stack was running.");
            return 0;
        });
        return command;
    }

    private static Command Status()
    {
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command("status", "Its parts, addresses and wallets. Exit code 3 when it is not up. Example: dweb local status --json") { json };
        command.Runs((workshop, parsed, _) =>
        {
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(Read(workshop), StackJson.Default.StackStatus));
            }
            else
            {
                Show(workshop);
            }

            return Task.FromResult(Read(workshop).Up ? 0 : NotUp);
        });
        return command;
    }

    private const int NotUp = 3;

    private static Command Logs()
    {
        var part = new Argument<string?>("part") { Description = "a part's name; all names are listed when left out", DefaultValueFactory = _ => null };
        var command = new Command("logs", "What a part wrote. Example: dweb local logs functions") { part };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var known = Directory.Exists(workshop.State.Logs) ? Directory.EnumerateFiles(workshop.State.Logs, "*.log").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToList() : [];
            if (parsed.GetValue(part) is not { } name)
            {
                known.ForEach(workshop.Screen.Plain);
                return 0;
            }

            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new LocalException($"No part named '{name}' has written a log.", known.Count > 0 ? $"Parts with a log: {string.Join(", ", known)}." : "Start the stack with 'dweb local up'.");
            }

            await using var log = new FileStream(workshop.State.Log(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var output = Console.OpenStandardOutput();
            await log.CopyToAsync(output, stop);
            return 0;
        });
        return command;
    }

    private static Command Reset()
    {
        var controlPlane = new Option<bool>("--control-plane")
        {
            Description = "only take from the control plane, as it runs, every table, queue and blob; what it knew comes back from chain, agents and users",
        };
        var command = new Command("reset", "End it and remove all it wrote; installed packages stay. Example: dweb local reset --control-plane") { controlPlane };
        command.Runs(async (workshop, parsed, stop) =>
        {
            var background = new Background(workshop.Repository, workshop.State);
            if (parsed.GetValue(controlPlane))
            {
                await background.Ask(StackRequest.ResetControlPlane, stop);
                workshop.Screen.Plain("The control plane has started from nothing.");
                return 0;
            }

            await background.End(workshop.Spawner, stop);
            await Remains.Clear(workshop.State, new AgentTraces(workshop.Repository, workshop.Tool), stop);
            await Remains.ClearEngine(workshop.State, workshop.Tool, stop);
            workshop.Screen.Plain("The local stack is as new.");
            return 0;
        });
        return command;
    }

    /// <summary>The process behind <c>up</c>.</summary>
    private static Command Supervise()
    {
        var command = new Command("supervise", "Hold the stack in the foreground until Ctrl-C. Example: dweb local supervise");
        command.Runs(async (workshop, _, stop) =>
        {
            await using var stack = await LocalStack.Begin(workshop.Repository, workshop.State, workshop.Spawner, workshop.Tool, workshop.Screen, stop);
            await Bringup.Run(stack, workshop.Screen, stop);
            StackDescription.Of(stack).Write(workshop.State);
            var requests = new StackRequests(workshop.State);
            workshop.Screen.Step("The stack is up");
            while (!stop.IsCancellationRequested)
            {
                if (stack.FirstEnded() is { } ended)
                {
                    File.Delete(workshop.State.Description);
                    throw new LocalException($"{ended.Name} ended by itself; the stack is stopped. The end of its log:\n{LogTail.Of(ended.Log)}", $"The whole log is {ended.Log}.");
                }

                if (requests.Take() is StackRequest.ResetControlPlane)
                {
                    await stack.ResetControlPlane(stop);
                    requests.Answer();
                }

                await Task.Delay(Watch, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            File.Delete(workshop.State.Description);
            return 0;
        });
        return command;
    }

    private static StackStatus Read(Workshop workshop)
    {
        var description = new Background(workshop.Repository, workshop.State).IsRunning ? StackDescription.Read(workshop.State) : null;
        var parts = new RecordBook(workshop.State.Run).Read().Reverse()
            .Select(r => new PartStatus(r.Name, r.Pid, r.Id.IsRunning, r.Ports, workshop.State.Log(r.Name)));
        return new StackStatus(description is not null, description, [.. parts]);
    }

    private static void Show(Workshop workshop)
    {
        var status = Read(workshop);
        if (status is not { Up: true, Stack: { } stack })
        {
            workshop.Screen.Plain("The local stack is not up. Start it with 'dweb local up'.");
            return;
        }

        var parts = new Table().AddColumns("part", "process", "state", "ports");
        foreach (var part in status.Parts)
        {
            parts.AddRow(
                part.Name, part.Pid.ToString(CultureInfo.InvariantCulture), part.Running ? "running" : "ended",
                string.Join(' ', part.Ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}"))));
        }

        workshop.Screen.Table(parts);
        var wallets = new Table().AddColumns("wallet", "address");
        foreach (var (name, address) in stack.Wallets)
        {
            wallets.AddRow(name, address);
        }

        workshop.Screen.Table(wallets);
        workshop.Screen.Plain($"control plane {stack.Endpoint} · chain {stack.Rpc} · registry {stack.Registry} · engine {stack.Engine}");
        workshop.Screen.Plain("The local chain's keys are public and worth nothing. To act as one of these wallets:");
        workshop.Screen.Plain($"  export DWEB_HOME='{stack.Home}' DWEB_PASSWORD_FILE='{stack.PasswordFile}' DWEB_WALLET=user");
    }
}
